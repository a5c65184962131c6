package io.freshet.training;

import io.freshet.event.Evaluation;
import io.freshet.event.ModelCheckpoint;
import io.freshet.event.TrainingSequence;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What became of one window.
 *
 * @param task the work
 * @param evaluations how the models did on the window before it was trained
 * @param checkpoint the verdict; null if versions never change
 * @param trained sequences that the version was trained on, replayed ones not included
 * @param heldOut sequences that judged it, to be trained with the next window
 * @param ignoredVectors content vectors whose width is not the model's
 */
record WindowOutcome(
        WindowTask task,
        List<Evaluation> evaluations,
        @Nullable ModelCheckpoint checkpoint,
        List<TrainingSequence> trained,
        List<TrainingSequence> heldOut,
        int ignoredVectors) {}
