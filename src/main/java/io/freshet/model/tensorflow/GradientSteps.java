package io.freshet.model.tensorflow;

import io.freshet.model.EvaluationBatch;
import io.freshet.model.Lesson;
import io.freshet.model.Rejected;
import io.freshet.model.RowSample;
import io.freshet.model.StepRates;
import io.freshet.model.StepResult;
import io.freshet.model.TrainingBatch;
import io.freshet.model.tensorflow.session.SavedModelSession;
import io.freshet.model.tensorflow.session.SignatureCall;
import org.jspecify.annotations.Nullable;

/**
 * Gradient steps on a batch alone, or also towards what the model said before, so that new data
 * does not make it forget. What a model of a user's own does not support is refused, not left out:
 * it would be trained otherwise than the options say.
 */
final class GradientSteps {

    private final SavedModelSession session;
    private final ChangedRows changed;

    /**
     * @param changed records the rows that a step uses
     */
    GradientSteps(SavedModelSession session, ChangedRows changed) {
        this.session = session;
        this.changed = changed;
    }

    StepResult train(TrainingBatch batch, StepRates rates) {
        int positions = batch.positions().length;
        int candidates = batch.candidates().length;
        @Nullable Lesson lesson = batch.lesson();
        try (SignatureCall call = lesson == null ? session.call("train") : distill(lesson)) {
            SequenceFeed.feed(call, batch.size(), batch.length(), batch.items(), batch.attributes())
                    .feed("positions", batch.positions(), positions)
                    .feed("labels", batch.labels(), positions)
                    .feed("candidates", batch.candidates(), candidates)
                    .feed("log_q", batch.logQ(), candidates)
                    .feed("weights", batch.weights(), positions)
                    .feed("head_rate", new float[] {rates.head()})
                    .feed("body_rate", new float[] {rates.body()})
                    .feed("clip_norm", new float[] {rates.clipNorm()})
                    .feed("seed", new long[] {rates.seed(), 0}, 2);
            if (call.takes("ratings")) {
                call.feed("ratings", batch.ratings(), positions);
            }
            if (call.takes("rejected_positions")) {
                feedRejected(call, batch.rejected());
                changed.touch(batch.rejected().rows());
            }
            feedLayerDecay(call, rates.layerDecay());
            call.run("loss", "gradient_norm");
            changed.touch(batch.items());
            changed.touch(batch.candidates());
            if (lesson != null) {
                changed.touch(lesson.sample().rows());
            }
            return new StepResult(call.floats("loss")[0], call.floats("gradient_norm")[0]);
        }
    }

    private SignatureCall distill(Lesson lesson) {
        requireDistillable();
        int taught = lesson.positions().length;
        int rows = lesson.sample().rows().length;
        return session.call("distill")
                .feed("taught_positions", lesson.positions(), taught)
                .feed("taught_rows", lesson.sample().rows(), rows)
                .feed("taught_log_q", lesson.sample().logQ(), rows)
                .feed("taught", lesson.probabilities(), taught, rows)
                .feed("distillation", new float[] {lesson.weight()});
    }

    private static void feedRejected(SignatureCall call, Rejected rejected) {
        int count = rejected.rows().length;
        call.feed("rejected_positions", rejected.positions(), count)
                .feed("rejected_rows", rejected.rows(), count)
                .feed("rejection", new float[] {rejected.weight()});
    }

    private static void feedLayerDecay(SignatureCall call, float layerDecay) {
        if (call.takes("layer_decay")) {
            call.feed("layer_decay", new float[] {layerDecay});
        } else if (layerDecay != 1) {
            throw new UnsupportedOperationException(
                    "The model's signature 'train' takes no 'layer_decay', found a decay of "
                            + layerDecay
                            + ": set training.layer-decay to 1, or pre-train a new base");
        }
    }

    /** What the model says now, as a lesson for a later step. */
    float[] teach(EvaluationBatch batch, RowSample sample) {
        requireDistillable();
        try (SignatureCall call = session.call("teach")) {
            SequenceFeed.feed(call, batch.size(), batch.length(), batch.items(), batch.attributes())
                    .feed("positions", batch.positions(), batch.positions().length)
                    .feed("rows", sample.rows(), sample.rows().length)
                    .feed("log_q", sample.logQ(), sample.rows().length)
                    .run("probabilities");
            return call.floats("probabilities");
        }
    }

    private void requireDistillable() {
        if (!session.has("teach") || !session.has("distill")) {
            throw new UnsupportedOperationException(
                    "The model lacks signature 'teach' or 'distill', so it can't be distilled: set"
                            + " training.distillation to 0, or pre-train a new base");
        }
    }
}
