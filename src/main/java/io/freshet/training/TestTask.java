package io.freshet.training;

import io.freshet.event.TrainingSequence;
import java.util.List;

/**
 * New positions that the live model is to be tested on, before it is trained on them.
 *
 * @param window running number of the training window that they will be part of, from 1
 * @param end exclusive end of their event time, milliseconds since the epoch
 * @param due whether they are to be trained on after it, however few they are
 */
record TestTask(
        Standing standing, long window, long end, boolean due, List<TrainingSequence> sequences) {}
