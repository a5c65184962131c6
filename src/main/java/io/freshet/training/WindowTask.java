package io.freshet.training;

import io.freshet.event.EncodedItem;
import io.freshet.event.OffsetRange;
import io.freshet.event.TrainingSequence;
import java.util.List;

/**
 * One window's work: window in, version out, base version named.
 *
 * @param window running number of the window, from 1
 * @param parent the live version, 0 if there is none
 * @param base the version that the job started with, 0 if there is none
 * @param nextVersion lowest number that a new version may have
 * @param start first event time of the window, milliseconds since the epoch
 * @param end exclusive end of the window in event time, milliseconds since the epoch
 * @param interactions new positions in {@code sequences}
 * @param sequences the window's sequences, in order
 * @param carried sequences that the window before held out
 * @param replayed sequences of earlier windows to be trained again
 * @param items content that no promoted version has yet
 * @param trainedOffsets source offsets trained on since the base version
 */
record WindowTask(
        long window,
        long parent,
        long base,
        long nextVersion,
        long start,
        long end,
        int interactions,
        List<TrainingSequence> sequences,
        List<TrainingSequence> carried,
        List<TrainingSequence> replayed,
        List<EncodedItem> items,
        List<OffsetRange> trainedOffsets) {}
