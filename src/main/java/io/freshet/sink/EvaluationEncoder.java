package io.freshet.sink;

import com.fasterxml.jackson.core.JsonGenerator;
import io.freshet.event.Evaluation;
import io.freshet.runtime.ConstantNames;
import java.io.IOException;

/**
 * Records of the evaluations topic ({@code evaluations.schema.json}), keyed by subject, so that one
 * subject's evaluations stay in order.
 */
final class EvaluationEncoder implements EventEncoder<Evaluation> {

    private static final long serialVersionUID = 1;

    @Override
    public String key(Evaluation evaluation) {
        return ConstantNames.of(evaluation.subject());
    }

    @Override
    public byte[] value(Evaluation evaluation) {
        return Json.object(json -> write(json, evaluation));
    }

    private static void write(JsonGenerator json, Evaluation evaluation) throws IOException {
        json.writeStringField("subject", ConstantNames.of(evaluation.subject()));
        json.writeNumberField("window", evaluation.window());
        Json.version(json, "model_version", evaluation.modelVersion());
        json.writeNumberField("timestamp_ms", evaluation.timestamp());
        json.writeNumberField("positions", evaluation.positions());
        Json.figure(json, "loss", evaluation.loss());
        Json.figure(json, "hit_rate", evaluation.hitRate());
        Json.figure(json, "ndcg", evaluation.ndcg());
        Json.figure(json, "mrr", evaluation.mrr());
        Json.figure(json, "accuracy", evaluation.accuracy());
        Json.figure(json, "precision", evaluation.precision());
        Json.figure(json, "recall", evaluation.recall());
        Json.figure(json, "f1", evaluation.f1());
        Json.figure(json, "mse", evaluation.mse());
        Json.figure(json, "rmse", evaluation.rmse());
        Json.figure(json, "auc", evaluation.auc());
        Json.figure(json, "gauc", evaluation.gauc());
        Json.figure(json, "calibration", evaluation.calibration());
    }
}
