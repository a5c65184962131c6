package io.freshet.sink;

import com.fasterxml.jackson.core.JsonGenerator;
import io.freshet.event.RecommendationList;
import io.freshet.event.RecommendedItem;
import io.freshet.event.RecommendedItem.Source;
import io.freshet.event.query.Occasion;
import io.freshet.runtime.ConstantNames;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Records of the recommendations topic ({@code recommendations.schema.json}), keyed by user. The
 * list of a forgotten user is a tombstone: it has no value, so a compacted topic drops the user's
 * earlier lists, and consumers drop what they hold. Answers to queries have the empty key, which is
 * no user's: they replace no list, and compaction leaves but one of each partition.
 */
final class RecommendationListEncoder implements EventEncoder<RecommendationList> {

    private static final long serialVersionUID = 1;

    @Override
    public String key(RecommendationList list) {
        return list.isAnswer() ? "" : list.userId();
    }

    @Override
    public String place(RecommendationList list) {
        return list.isAnswer() ? list.requestId() : "";
    }

    /**
     * @throws IllegalArgumentException for the answer to a probe, which must not be served
     */
    @Override
    public byte @Nullable [] value(RecommendationList list) {
        if (list.isProbe()) {
            throw new IllegalArgumentException(
                    "The answer to a probe must not be served: request " + list.requestId());
        }
        return list.path() == RecommendationList.Path.FORGOTTEN
                ? null
                : Json.object(json -> write(json, list));
    }

    private static void write(JsonGenerator json, RecommendationList list) throws IOException {
        json.writeStringField("request_id", list.requestId());
        Json.text(json, "user_id", list.userId());
        json.writeNumberField("timestamp_ms", list.timestamp());
        Json.time(json, "arrived_at_ms", list.arrivedAt());
        json.writeNumberField("served_at_ms", list.servedAt());
        Json.version(json, "model_version", list.modelVersion());
        json.writeStringField("path", ConstantNames.of(list.path()));
        if (list.kind() != null) {
            json.writeStringField("kind", ConstantNames.of(list.kind()));
        }
        if (list.unanswered() != null) {
            json.writeStringField("reason", ConstantNames.of(list.unanswered()));
        }
        json.writeArrayFieldStart("items");
        for (RecommendedItem item : list.items()) {
            json.writeStartObject();
            json.writeStringField("item_id", item.itemId());
            Json.figure(json, "score", item.score());
            json.writeStringField("source", ConstantNames.of(item.source()));
            Json.text(json, "because", item.because());
            writeContributions(json, item.contributions());
            if (item.propensity() < 1) {
                Json.figure(json, "propensity", item.propensity());
            }
            json.writeEndObject();
        }
        json.writeEndArray();
        writeBasis(json, list.basis());
    }

    private static void writeBasis(JsonGenerator json, List<Occasion> basis) throws IOException {
        if (basis.isEmpty()) {
            return;
        }
        json.writeArrayFieldStart("basis");
        for (Occasion occasion : basis) {
            json.writeStartObject();
            json.writeStringField("item_id", occasion.itemId());
            json.writeNumberField("timestamp_ms", occasion.timestamp());
            json.writeStringField("kind", ConstantNames.of(occasion.kind()));
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static void writeContributions(JsonGenerator json, Map<Source, Float> contributions)
            throws IOException {
        if (contributions.isEmpty()) {
            return;
        }
        json.writeObjectFieldStart("contributions");
        for (Source source : Source.values()) {
            Float contribution = contributions.get(source);
            if (contribution != null) {
                Json.figure(json, ConstantNames.of(source), contribution);
            }
        }
        json.writeEndObject();
    }
}
