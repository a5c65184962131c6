package io.freshet.training;

import io.freshet.event.TrainingSequence;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Held-out positions that judge an update: those of its own window, and those of some before. */
final class Judges {

    private final List<TrainingSequence> sequences;
    private final int newest;

    /**
     * @param newest held out of the update's window: one fresh position each
     * @param earlier held out of windows before
     */
    Judges(List<TrainingSequence> newest, List<TrainingSequence> earlier) {
        this.newest = newest.size();
        sequences = new ArrayList<>(newest);
        sequences.addAll(earlier);
    }

    List<TrainingSequence> sequences() {
        return sequences;
    }

    /** The item that each position asks for. */
    List<String> items() {
        return sequences.stream().map(s -> s.items()[s.fresh()[0]]).toList();
    }

    /** The part of some losses that is of the update's own window. */
    float[] newest(float[] losses) {
        return Arrays.copyOf(losses, newest);
    }
}
