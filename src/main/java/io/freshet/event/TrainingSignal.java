package io.freshet.event;

import org.jspecify.annotations.Nullable;

/**
 * An input of the fine-tuner; exactly one component is set. One flat record, because a user's
 * sequences and the control that forgets the user must stay in order on one edge.
 *
 * @param sequence new positions to be trained
 * @param control an instruction
 */
public record TrainingSignal(@Nullable TrainingSequence sequence, @Nullable Control control) {

    public static TrainingSignal of(TrainingSequence sequence) {
        return new TrainingSignal(sequence, null);
    }

    public static TrainingSignal of(Control control) {
        return new TrainingSignal(null, control);
    }
}
