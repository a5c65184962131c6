package io.freshet.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.freshet.config.Arguments;
import io.freshet.config.FreshetConfig;
import io.freshet.config.IngestConfig;
import io.freshet.config.KafkaConfig;
import io.freshet.demo.shop.ShopGenerator;
import io.freshet.demo.shop.ShopRecord;
import io.freshet.demo.shop.ShopRecord.Fault;
import io.freshet.demo.shop.ShopSettings;
import io.freshet.event.Attribute;
import io.freshet.event.CatalogItem;
import io.freshet.event.Interaction;
import io.freshet.event.TestingSchemas;
import io.freshet.source.decode.CatalogItemDecoder;
import io.freshet.source.decode.InteractionDecoder;
import io.freshet.source.decode.RawRecord;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.flink.configuration.Configuration;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RecordWriterTest {

    private static final FreshetConfig CONFIG = FreshetConfig.from(new Configuration());
    private static final KafkaConfig KAFKA = CONFIG.kafka();
    private static final IngestConfig INGEST = CONFIG.ingest();
    private static final int SHOP_RECORDS = 3_000;
    private static final Clock CLOCK =
            Clock.fixed(Instant.parse("2025-01-01T00:00:00Z"), ZoneOffset.UTC);

    private final RecordWriter writer = new RecordWriter(KAFKA);

    @Test
    void theJobReadsAnInteractionAsItWas() {
        Interaction interaction =
                new Interaction("e-1", "u-1", "i-1", "purchase", 4.5f, 1_700_000_000_000L, 1, 9);
        ProducerRecord<byte[], byte[]> written =
                writer.write(new ShopRecord.Action(0, interaction, false));

        assertThat(written.topic()).isEqualTo(KAFKA.interactionsTopic());
        assertThat(written.key()).asString().isEqualTo("u-1");
        assertThat(violations("interactions", written)).isEmpty();
        assertThat(new InteractionDecoder(INGEST, CLOCK).decode(raw(written)).event())
                .isEqualTo(interaction);
    }

    @Test
    void theJobReadsACatalogItemAsItWas() {
        CatalogItem item =
                new CatalogItem(
                        "i-1",
                        "bold felt kite",
                        "",
                        List.of("Kids", "Toys"),
                        false,
                        1_600_000_000_017L,
                        Map.of());
        ProducerRecord<byte[], byte[]> written = writer.write(new ShopRecord.Announcement(0, item));

        assertThat(written.topic()).isEqualTo(KAFKA.itemsTopic());
        assertThat(written.key()).asString().isEqualTo("i-1");
        assertThat(violations("items", written)).isEmpty();
        assertThat(new CatalogItemDecoder(INGEST, Map.of(), CLOCK).decode(raw(written)).event())
                .isEqualTo(item);
    }

    @Test
    void declaredAttributesAreSentByTheirTypes() {
        FreshetConfig config =
                FreshetConfig.from(
                        Arguments.parse(
                                "--attributes.context",
                                "device:category,place:number",
                                "--attributes.items",
                                "styles:categories,released:date"));
        RecordWriter declaring = new RecordWriter(KAFKA, config.ingest().attributes());
        Interaction interaction =
                new Interaction(
                        "e-1",
                        "u-1",
                        "i-1",
                        "view",
                        Float.NaN,
                        1_700_000_000_000L,
                        1,
                        9,
                        0,
                        List.of(
                                Attribute.category("device", "phone"),
                                Attribute.number("place", 3.5f)));
        CatalogItem item =
                new CatalogItem(
                        "i-1",
                        "kite",
                        "",
                        List.of(),
                        true,
                        1_600_000_000_017L,
                        Map.of(),
                        List.of(
                                Attribute.number("released", 20_000),
                                Attribute.category("styles", "bold"),
                                Attribute.category("styles", "new")));

        RawRecord sold = raw(declaring.write(new ShopRecord.Action(0, interaction, false)));
        RawRecord announced = raw(declaring.write(new ShopRecord.Announcement(0, item)));

        assertThat(new InteractionDecoder(config.ingest(), CLOCK).decode(sold).event())
                .isEqualTo(interaction);
        assertThat(
                        new CatalogItemDecoder(config.ingest(), Map.of(), CLOCK)
                                .decode(announced)
                                .event())
                .isEqualTo(item);
    }

    /** Faults aside, the feed is a producer like any other. */
    @Test
    void everyRecordOfTheShopKeepsThePublishedSchema() {
        ShopGenerator shop = new ShopGenerator(ShopSettings.of(5));
        Set<String> violations = new TreeSet<>();
        Map<String, Integer> checked = new TreeMap<>();
        for (int i = 0; i < SHOP_RECORDS; i++) {
            ShopRecord record = shop.next();
            if (record instanceof ShopRecord.Broken) {
                continue;
            }
            ProducerRecord<byte[], byte[]> written = writer.write(record);
            violations.addAll(violations(written.topic(), written));
            checked.merge(written.topic(), 1, Integer::sum);
        }

        assertThat(violations).isEmpty();
        assertThat(checked).containsOnlyKeys("interactions", "items");
    }

    @ParameterizedTest
    @EnumSource(Fault.class)
    void everyFaultIsADeadLetterForTheJob(Fault fault) {
        ProducerRecord<byte[], byte[]> written =
                writer.write(new ShopRecord.Broken(0, fault, fault.value()));

        assertThat(written.topic()).isEqualTo(KAFKA.interactionsTopic());
        assertThat(new InteractionDecoder(INGEST, CLOCK).decode(raw(written)).deadLetter())
                .isNotNull();
    }

    private static Set<String> violations(String topic, ProducerRecord<byte[], byte[]> record) {
        return TestingSchemas.violations(topic, TestingSchemas.json(record.value()));
    }

    private static RawRecord raw(ProducerRecord<byte[], byte[]> record) {
        return new RawRecord(record.topic(), 1, 9, 0, record.key(), record.value());
    }
}
