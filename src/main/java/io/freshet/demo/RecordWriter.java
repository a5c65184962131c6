package io.freshet.demo;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.freshet.config.AttributesConfig;
import io.freshet.config.AttributesConfig.Type;
import io.freshet.config.KafkaConfig;
import io.freshet.demo.shop.ShopRecord;
import io.freshet.event.Attribute;
import io.freshet.event.CatalogItem;
import io.freshet.event.Interaction;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SortedMap;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Shop records as a producer writes them, by the schemas of the topics. */
public final class RecordWriter {

    private static final double MILLIS_PER_DAY = 86_400_000;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final String interactionsTopic;
    private final String itemsTopic;
    private final AttributesConfig attributes;

    /** Records without attributes. */
    public RecordWriter(KafkaConfig config) {
        this(config, AttributesConfig.none());
    }

    /**
     * @param config names the topics
     * @param attributes which are written, and how
     */
    public RecordWriter(KafkaConfig config, AttributesConfig attributes) {
        this.attributes = attributes;
        this.interactionsTopic = config.interactionsTopic();
        this.itemsTopic = config.itemsTopic();
    }

    /** Keyed as producers should: by user, or by item. */
    public ProducerRecord<byte[], byte[]> write(ShopRecord record) {
        if (record instanceof ShopRecord.Action action) {
            return new ProducerRecord<>(
                    interactionsTopic,
                    utf8(action.interaction().userId()),
                    bytes(json(action.interaction())));
        }
        if (record instanceof ShopRecord.Announcement announcement) {
            return new ProducerRecord<>(
                    itemsTopic,
                    utf8(announcement.item().itemId()),
                    bytes(json(announcement.item())));
        }
        return new ProducerRecord<>(interactionsTopic, ((ShopRecord.Broken) record).value());
    }

    private ObjectNode json(Interaction interaction) {
        ObjectNode json =
                JSON.createObjectNode()
                        .put("event_id", interaction.eventId())
                        .put("user_id", interaction.userId())
                        .put("item_id", interaction.itemId())
                        .put("event_type", interaction.eventType())
                        .put("timestamp_ms", interaction.timestamp());
        if (interaction.hasRating()) {
            json.put("rating", interaction.rating());
        }
        put(interaction.attributes(), attributes.context(), json);
        return json;
    }

    private ObjectNode json(CatalogItem item) {
        ObjectNode json =
                JSON.createObjectNode()
                        .put("item_id", item.itemId())
                        .put("title", item.title())
                        .put("description", item.description())
                        .put("available", item.available())
                        .put("timestamp_ms", item.timestamp());
        item.categories().forEach(json.putArray("categories")::add);
        put(item.attributes(), attributes.items(), json);
        return json;
    }

    private static void put(
            List<Attribute> attributes, SortedMap<String, Type> declared, ObjectNode json) {
        for (Attribute attribute : attributes) {
            String name = attribute.name();
            Type type = declared.get(name);
            if (type == null) {
                continue; // what a shop has and the job is not to read
            }
            switch (type) {
                case CATEGORY -> json.put(name, attribute.category());
                case CATEGORIES -> json.withArrayProperty(name).add(attribute.category());
                case NUMBER -> json.put(name, attribute.number());
                case DATE -> json.put(name, Math.round(attribute.number() * MILLIS_PER_DAY));
            }
        }
    }

    private static byte[] bytes(ObjectNode json) {
        try {
            return JSON.writeValueAsBytes(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("JSON could not be written to memory", e);
        }
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
