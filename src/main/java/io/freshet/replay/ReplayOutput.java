package io.freshet.replay;

import io.freshet.event.Evaluation;
import io.freshet.event.ModelCheckpoint;
import io.freshet.event.RecommendationList;
import org.jspecify.annotations.Nullable;

/**
 * Something that the job put out during a replay; exactly one component is set. One flat record,
 * because one stream carries everything back.
 *
 * @param probe a list that answers a probe
 * @param checkpoint a verdict of the fine-tuner
 * @param evaluation an evaluation
 */
public record ReplayOutput(
        @Nullable RecommendationList probe,
        @Nullable ModelCheckpoint checkpoint,
        @Nullable Evaluation evaluation) {

    public static ReplayOutput of(RecommendationList probe) {
        return new ReplayOutput(probe, null, null);
    }

    public static ReplayOutput of(ModelCheckpoint checkpoint) {
        return new ReplayOutput(null, checkpoint, null);
    }

    public static ReplayOutput of(Evaluation evaluation) {
        return new ReplayOutput(null, null, evaluation);
    }
}
