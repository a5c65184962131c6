package io.freshet.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.freshet.event.DeadLetter;
import io.freshet.event.Evaluation;
import io.freshet.event.ModelCheckpoint;
import io.freshet.event.RecommendationList;
import io.freshet.event.RecommendedItem;
import io.freshet.event.query.Query;
import io.freshet.event.query.Unanswered;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What the job wrote, as a consumer reads it, by the schemas of the topics. */
final class OutputReader {

    private static final ObjectMapper JSON = new ObjectMapper();

    private OutputReader() {}

    static RecommendationList list(byte[] value) throws IOException {
        JsonNode json = JSON.readTree(value);
        List<RecommendedItem> items = new ArrayList<>();
        for (JsonNode item : json.path("items")) {
            items.add(
                    new RecommendedItem(
                            item.path("item_id").asText(),
                            figure(item, "score"),
                            constant(RecommendedItem.Source.class, item, "source"),
                            text(item, "because")));
        }
        return new RecommendationList(
                json.path("request_id").asText(),
                json.path("user_id").asText(),
                json.path("timestamp_ms").asLong(),
                json.path("served_at_ms").asLong(),
                json.path("model_version").asLong(),
                constant(RecommendationList.Path.class, json, "path"),
                items,
                "",
                0,
                -1,
                -1,
                0,
                json.has("kind") ? constant(Query.Kind.class, json, "kind") : null,
                json.has("reason") ? constant(Unanswered.class, json, "reason") : null,
                List.of());
    }

    static ModelCheckpoint checkpoint(byte[] value) throws IOException {
        JsonNode json = JSON.readTree(value);
        return new ModelCheckpoint(
                json.path("version").asLong(),
                json.path("parent").asLong(),
                constant(ModelCheckpoint.Verdict.class, json, "verdict"),
                json.path("reason").asText(),
                text(json, "path"),
                json.path("window").asLong(),
                json.path("window_start_ms").asLong(),
                json.path("window_end_ms").asLong(),
                json.path("interactions").asInt(),
                json.path("sequences").asInt(),
                json.path("targets").asInt(),
                figure(json, "loss"),
                figure(json, "champion_metric"),
                figure(json, "challenger_metric"),
                json.path("training_ms").asLong(),
                List.of(),
                json.path("updates").asInt(),
                text(json, "fingerprint"));
    }

    static Evaluation evaluation(byte[] value) throws IOException {
        JsonNode json = JSON.readTree(value);
        return new Evaluation(
                constant(Evaluation.Subject.class, json, "subject"),
                json.path("window").asLong(),
                json.path("model_version").asLong(),
                json.path("timestamp_ms").asLong(),
                json.path("positions").asInt(),
                figure(json, "loss"),
                figure(json, "hit_rate"),
                figure(json, "ndcg"),
                figure(json, "mrr"),
                figure(json, "accuracy"),
                figure(json, "mse"));
    }

    static DeadLetter deadLetter(byte[] value) throws IOException {
        JsonNode json = JSON.readTree(value);
        return new DeadLetter(
                json.path("topic").asText(),
                json.path("partition").asInt(),
                json.path("offset").asLong(),
                json.path("timestamp_ms").asLong(),
                text(json, "field"),
                json.path("reason").asText(),
                new byte[0],
                new byte[0],
                json.path("payload_size").asInt(),
                json.path("key_size").asInt(),
                text(json, "key_sha256"),
                text(json, "payload_sha256"));
    }

    private static float figure(JsonNode json, String field) {
        JsonNode value = json.path(field);
        return value.isNumber() ? value.floatValue() : Float.NaN;
    }

    private static String text(JsonNode json, String field) {
        JsonNode value = json.path(field);
        return value.isTextual() ? value.textValue() : "";
    }

    private static <E extends Enum<E>> E constant(Class<E> type, JsonNode json, String field) {
        String name = json.path(field).asText().toUpperCase(Locale.ROOT).replace('-', '_');
        return Enum.valueOf(type, name);
    }
}
