package io.freshet.sink;

import com.fasterxml.jackson.core.JsonGenerator;
import io.freshet.event.Evaluation;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * Records of the evaluations topic ({@code evaluations.schema.json}), keyed by subject, so that one
 * subject's evaluations stay in order.
 */
final class EvaluationEncoder implements EventEncoder<Evaluation> {

    private static final long serialVersionUID = 1;

    @Override
    public byte[] key(Evaluation evaluation) {
        return name(evaluation.subject()).getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public byte[] value(Evaluation evaluation) {
        return Json.object(json -> write(json, evaluation));
    }

    private static void write(JsonGenerator json, Evaluation evaluation) throws IOException {
        json.writeStringField("subject", name(evaluation.subject()));
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
    }

    private static String name(Evaluation.Subject subject) {
        return switch (subject) {
            case LIVE_MODEL -> "live-model";
            case FROZEN_MODEL -> "frozen-model";
            case LISTS -> "lists";
        };
    }
}
