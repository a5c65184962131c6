package io.freshet.training;

import io.freshet.event.TrainingSequence;
import java.util.List;

/**
 * A sequence and the training window that it has its place in, as state holds it.
 *
 * @param window running number of the window, from 1
 */
public record WindowSequence(long window, TrainingSequence sequence) {

    public static List<WindowSequence> all(long window, List<TrainingSequence> sequences) {
        return sequences.stream().map(sequence -> new WindowSequence(window, sequence)).toList();
    }

    public static List<TrainingSequence> of(long window, List<WindowSequence> all) {
        return all.stream()
                .filter(entry -> entry.window == window)
                .map(WindowSequence::sequence)
                .toList();
    }
}
