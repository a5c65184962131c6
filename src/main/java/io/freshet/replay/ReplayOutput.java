package io.freshet.replay;

import io.freshet.event.Evaluation;
import io.freshet.event.ModelCheckpoint;
import io.freshet.event.PredictedResponse;
import io.freshet.event.RecommendationList;
import org.jspecify.annotations.Nullable;

/**
 * Something that the job put out during a replay; exactly one component is set. One flat record,
 * because one stream carries everything back.
 *
 * @param probe a list that answers a probe
 * @param checkpoint a verdict of the fine-tuner
 * @param evaluation an evaluation
 * @param sent position of a row that went in
 * @param response a predicted response to an exposure
 */
public record ReplayOutput(
        @Nullable RecommendationList probe,
        @Nullable ModelCheckpoint checkpoint,
        @Nullable Evaluation evaluation,
        @Nullable Integer sent,
        @Nullable PredictedResponse response) {

    public static ReplayOutput of(RecommendationList probe) {
        return new ReplayOutput(probe, null, null, null, null);
    }

    public static ReplayOutput of(ModelCheckpoint checkpoint) {
        return new ReplayOutput(null, checkpoint, null, null, null);
    }

    public static ReplayOutput of(Evaluation evaluation) {
        return new ReplayOutput(null, null, evaluation, null, null);
    }

    public static ReplayOutput of(PredictedResponse response) {
        return new ReplayOutput(null, null, null, null, response);
    }

    public static ReplayOutput sent(int position) {
        return new ReplayOutput(null, null, null, position, null);
    }
}
