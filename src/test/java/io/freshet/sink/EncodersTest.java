package io.freshet.sink;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.freshet.config.FreshetConfig;
import io.freshet.config.RecommendConfig;
import io.freshet.event.AuditEvent;
import io.freshet.event.Control;
import io.freshet.event.DeadLetter;
import io.freshet.event.Evaluation;
import io.freshet.event.ModelCheckpoint;
import io.freshet.event.OffsetRange;
import io.freshet.event.RecommendationList;
import io.freshet.event.RecommendationList.Path;
import io.freshet.event.RecommendedItem;
import io.freshet.event.Removal;
import io.freshet.event.TestingSchemas;
import io.freshet.event.query.Occasion;
import io.freshet.event.query.Query;
import io.freshet.event.query.Unanswered;
import io.freshet.runtime.ConstantNames;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.flink.configuration.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class EncodersTest {

    /** Fields that only an answer to a query has, or only one without a list. */
    private static final Set<String> OF_ANSWERS = Set.of("kind", "reason", "basis");

    @Test
    void writesAListAsItsSchemaSays() {
        RecommendationList list =
                list(
                        RecommendationList.Path.PERSONAL,
                        3,
                        "",
                        new RecommendedItem("ï1", 1.25f, RecommendedItem.Source.MODEL, "i7"),
                        new RecommendedItem(
                                "i2",
                                Float.NaN,
                                RecommendedItem.Source.EXPLORATION,
                                "",
                                Map.of(),
                                0.25f));

        JsonNode json = encode("recommendations", new RecommendationListEncoder(), list);

        assertThat(json.toString())
                .isEqualTo(
                        "{\"request_id\":\"r\",\"user_id\":\"u\",\"timestamp_ms\":10,"
                                + "\"arrived_at_ms\":15,\"served_at_ms\":20,"
                                + "\"model_version\":3,\"path\":\"personal\","
                                + "\"items\":[{\"item_id\":\"ï1\",\"score\":1.25,"
                                + "\"source\":\"model\",\"because\":\"i7\"},{\"item_id\":\"i2\","
                                + "\"score\":null,\"source\":\"exploration\",\"because\":null,"
                                + "\"propensity\":0.25}]}");
        assertThat(new RecommendationListEncoder().key(list)).isEqualTo("u");
    }

    @ParameterizedTest
    @EnumSource(
            value = RecommendedItem.Source.class,
            mode = EnumSource.Mode.EXCLUDE,
            names = {"EXPOSURE", "REJECTION"})
    void writesEverySourceAsItsSchemaSays(RecommendedItem.Source source) {
        RecommendedItem item = new RecommendedItem("i", 1, source, "");

        encode(
                "recommendations",
                new RecommendationListEncoder(),
                list(RecommendationList.Path.COLD_START, 0, "", item));
    }

    @ParameterizedTest
    @CsvSource({"20, 1, false, 0", "20, 1, true, 0", "1, 20, true, 60"})
    void noListIsLargerThanTheOptionsAllow(
            int listSize, int mostRequested, boolean explain, int occasions) {
        int idLength = 16;
        RecommendConfig config =
                FreshetConfig.from(
                                Configuration.fromMap(
                                        Map.of(
                                                "recommend.list-size",
                                                String.valueOf(listSize),
                                                "recommend.max-requested",
                                                String.valueOf(mostRequested),
                                                "recommend.explain",
                                                String.valueOf(explain))))
                        .recommend();
        RecommendationList list = longest(idLength, explain, occasions);
        RecommendationListEncoder encoder = new RecommendationListEncoder();

        int key = encoder.key(list).getBytes(StandardCharsets.UTF_8).length;
        assertThat((long) key + requireNonNull(encoder.value(list)).length)
                .isLessThanOrEqualTo(config.maxListBytes(idLength))
                .isGreaterThan(config.maxListBytes(idLength) / 2);
    }

    /** A list of 20 items, whose ids and figures take as many bytes as such can. */
    private static RecommendationList longest(int idLength, boolean explain, int occasions) {
        String id = "\uD83D\uDE00".repeat(idLength);
        float longest = -Float.MIN_NORMAL;
        Map<RecommendedItem.Source, Float> contributions =
                new EnumMap<>(RecommendedItem.Source.class);
        for (RecommendedItem.Source source : RecommendedItem.Source.values()) {
            contributions.put(source, longest);
        }
        RecommendedItem item =
                new RecommendedItem(
                        id,
                        longest,
                        RecommendedItem.Source.TRANSITION,
                        id,
                        explain ? contributions : Map.of());
        long last = Long.MAX_VALUE;
        return new RecommendationList(
                id + ":" + Integer.MAX_VALUE + ":" + last,
                id,
                last,
                last,
                last,
                RecommendationList.Path.COLD_START,
                Collections.nCopies(20, item),
                "",
                Integer.MAX_VALUE,
                last,
                last,
                last,
                occasions > 0 ? Query.Kind.NEXT_IN_SESSION : null,
                null,
                Collections.nCopies(occasions, new Occasion(id, last, Occasion.Kind.REJECTED)));
    }

    @Test
    void writesAnAnswerThatReplacesNoUsersList() {
        RecommendationList answer =
                new RecommendationList(
                        "r",
                        "u",
                        10,
                        20,
                        1,
                        Path.PERSONAL,
                        List.of(),
                        "",
                        0,
                        5,
                        -1,
                        15,
                        Query.Kind.NEXT_IN_SESSION,
                        null,
                        List.of(
                                new Occasion("i-2", 9, Occasion.Kind.REJECTED),
                                new Occasion("i-1", 8, Occasion.Kind.CHOSEN)));
        RecommendationListEncoder encoder = new RecommendationListEncoder();

        JsonNode json = encode("recommendations", encoder, answer);

        assertThat(json.path("kind").asText()).isEqualTo("next-in-session");
        assertThat(json.has("reason")).isFalse();
        assertThat(json.path("basis").toString())
                .isEqualTo(
                        "[{\"item_id\":\"i-2\",\"timestamp_ms\":9,\"kind\":\"rejected\"},"
                                + "{\"item_id\":\"i-1\",\"timestamp_ms\":8,\"kind\":\"chosen\"}]");
        assertThat(encoder.key(answer)).isEmpty();
        assertThat(encoder.place(answer)).isEqualTo("r");
    }

    @ParameterizedTest
    @EnumSource
    void writesWhyThereIsNoListAndNoUserWhereThereIsNone(Unanswered reason) {
        RecommendationList answer =
                new RecommendationList(
                        "r",
                        "",
                        10,
                        20,
                        0,
                        Path.UNANSWERED,
                        List.of(),
                        "",
                        0,
                        5,
                        -1,
                        15,
                        Query.Kind.SIMILAR_ITEMS,
                        reason,
                        List.of());

        JsonNode json = encode("recommendations", new RecommendationListEncoder(), answer);

        assertThat(json.path("reason").asText()).isEqualTo(ConstantNames.of(reason));
        assertThat(json.get("user_id").isNull()).isTrue();
    }

    @Test
    void writesTheContributionOfEachSourceIfTheItemIsExplained() {
        Map<RecommendedItem.Source, Float> contributions =
                new EnumMap<>(RecommendedItem.Source.class);
        for (RecommendedItem.Source source : RecommendedItem.Source.values()) {
            if (source != RecommendedItem.Source.EXPLORATION) {
                contributions.put(source, source.ordinal() - 2.5f);
            }
        }
        RecommendedItem item =
                new RecommendedItem("i", 1, RecommendedItem.Source.MODEL, "", contributions);

        JsonNode json =
                encode(
                        "recommendations",
                        new RecommendationListEncoder(),
                        list(RecommendationList.Path.COLD_START, 0, "", item));

        JsonNode written = json.path("items").get(0).path("contributions");
        assertThat(written.toString())
                .isEqualTo(
                        "{\"model\":-2.5,\"transition\":-1.5,\"repeat\":-0.5,"
                                + "\"popularity\":0.5,\"catalog\":1.5,\"exposure\":2.5,"
                                + "\"content\":3.5,\"rejection\":5.5}");
        JsonNode described =
                TestingSchemas.document("recommendations")
                        .at("/properties/items/items/properties/contributions/properties");
        assertThat(names(written)).isEqualTo(names(described));
    }

    @Test
    void sendsATombstoneForAForgottenUser() {
        RecommendationList list = list(RecommendationList.Path.FORGOTTEN, 0, "");

        assertThat(new RecommendationListEncoder().value(list)).isNull();
        assertThat(new RecommendationListEncoder().key(list)).isEqualTo("u");
    }

    @Test
    void refusesToServeAProbe() {
        RecommendationList list = list(RecommendationList.Path.PERSONAL, 1, "i9");

        assertThatThrownBy(() -> new RecommendationListEncoder().value(list))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("request r");
    }

    @ParameterizedTest
    @EnumSource(ModelCheckpoint.Verdict.class)
    void writesACheckpointAsItsSchemaSays(ModelCheckpoint.Verdict verdict) {
        ModelCheckpoint checkpoint =
                new ModelCheckpoint(
                        4,
                        3,
                        verdict,
                        "why",
                        "4",
                        9,
                        100,
                        200,
                        5,
                        2,
                        7,
                        Float.POSITIVE_INFINITY,
                        Float.NaN,
                        0.5f,
                        12,
                        List.of(new OffsetRange(1, 0, 8, 5)),
                        6,
                        "",
                        "c0ffee",
                        "",
                        0,
                        Float.NaN,
                        199);

        JsonNode json = encode("model-checkpoints", new ModelCheckpointEncoder(), checkpoint);

        assertThat(json.path("verdict").asText()).isEqualToIgnoringCase(verdict.name());
        assertThat(json.path("updates").asInt()).isEqualTo(6);
        assertThat(json.path("newest_event_ms").asLong()).isEqualTo(199);
        assertThat(json.path("fingerprint").asText()).isEqualTo("c0ffee");
        assertThat(json.path("loss").isNull()).isTrue();
        assertThat(json.path("champion_metric").isNull()).isTrue();
        assertThat(json.path("challenger_metric").floatValue()).isEqualTo(0.5f);
        assertThat(json.path("trained_offsets").get(0).toString())
                .isEqualTo("{\"partition\":1,\"first\":0,\"last\":8,\"count\":5}");
        assertThat(new ModelCheckpointEncoder().key(checkpoint)).isEqualTo("9");
    }

    @Test
    void keysWhatAControlRolledBackByTheControl() {
        ModelCheckpoint checkpoint =
                new ModelCheckpoint(
                        1,
                        3,
                        ModelCheckpoint.Verdict.ROLLED_BACK,
                        "asked for",
                        "1",
                        9,
                        100,
                        200,
                        0,
                        0,
                        0,
                        Float.NaN,
                        Float.NaN,
                        Float.NaN,
                        0,
                        List.of(),
                        2,
                        "c-5",
                        null,
                        "",
                        0,
                        Float.NaN,
                        0);

        JsonNode json = encode("model-checkpoints", new ModelCheckpointEncoder(), checkpoint);

        assertThat(json.path("control_id").asText()).isEqualTo("c-5");
        assertThat(new ModelCheckpointEncoder().key(checkpoint)).isEqualTo("control:c-5");
    }

    @Test
    void writesAnAuditEventAsItsSchemaSays() {
        AuditEvent event =
                new AuditEvent(
                        Control.forget("c-1", "u", 10),
                        AuditEvent.Outcome.APPLIED,
                        "why",
                        30,
                        List.of(new Removal(Removal.Place.REPLAY_BUFFER, 4, 20)));

        JsonNode json = encode("audit", new AuditEncoder(), event);

        assertThat(json.toString())
                .isEqualTo(
                        "{\"control_id\":\"c-1\",\"kind\":\"forget-user\",\"user_id\":\"u\","
                                + "\"version\":null,\"update\":null,\"timestamp_ms\":10,\"outcome\":\"applied\","
                                + "\"reason\":\"why\",\"outcome_at_ms\":30,\"removed\":["
                                + "{\"place\":\"replay-buffer\",\"count\":4,\"removed_at_ms\":20}]}");
        assertThat(new AuditEncoder().key(event)).isEqualTo("c-1");
    }

    @Test
    void theAuditsSchemaHasEveryKindOutcomeAndPlace() {
        List<Removal> everywhere =
                Arrays.stream(Removal.Place.values()).map(p -> new Removal(p, 0, 20)).toList();
        for (Control.Kind kind : Control.Kind.values()) {
            for (AuditEvent.Outcome outcome : AuditEvent.Outcome.values()) {
                Control control = new Control("c", kind, "", 10, 4);
                encode(
                        "audit",
                        new AuditEncoder(),
                        new AuditEvent(control, outcome, "", 30, everywhere));
            }
        }
    }

    @Test
    void writesNullForAVersionThatDoesNotExist() {
        ModelCheckpoint none =
                new ModelCheckpoint(
                        0,
                        0,
                        ModelCheckpoint.Verdict.FAILED,
                        "no loss",
                        "",
                        1,
                        0,
                        1,
                        0,
                        0,
                        0,
                        Float.NaN,
                        Float.NaN,
                        Float.NaN,
                        0,
                        List.of(),
                        1,
                        null);

        JsonNode json = encode("model-checkpoints", new ModelCheckpointEncoder(), none);

        for (String field :
                List.of("version", "parent", "path", "fingerprint", "newest_event_ms")) {
            assertThat(json.get(field).isNull()).as(field).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource(Evaluation.Subject.class)
    void writesAnEvaluationAsItsSchemaSays(Evaluation.Subject subject) {
        Evaluation evaluation =
                new Evaluation(subject, 1, 2, 300, 40, Float.NaN, 0.5f, 0.25f, 0, 0.1f, 4);

        JsonNode json = encode("evaluations", new EvaluationEncoder(), evaluation);

        assertThat(json.path("subject").asText())
                .isEqualTo(subject.name().toLowerCase(java.util.Locale.ROOT).replace('_', '-'));
        assertThat(json.path("loss").isNull()).isTrue();
        assertThat(json.path("hit_rate").floatValue()).isEqualTo(0.5f);
        assertThat(json.path("accuracy").floatValue()).isEqualTo(0.1f);
        assertThat(json.path("precision").floatValue()).isEqualTo(0.05f);
        assertThat(json.path("recall").floatValue()).isEqualTo(0.5f);
        assertThat(json.path("f1").floatValue()).isEqualTo(1 / 11f);
        assertThat(json.path("mse").floatValue()).isEqualTo(4f);
        assertThat(json.path("rmse").floatValue()).isEqualTo(2f);
        assertThat(new EvaluationEncoder().key(evaluation))
                .isEqualTo(json.path("subject").asText());
    }

    @Test
    void writesADeadLetterAsItsSchemaSays() throws Exception {
        byte[] payload = {0, (byte) 0xff, '{'};
        DeadLetter letter =
                new DeadLetter(
                        "t",
                        1,
                        2,
                        3,
                        "user_id",
                        "why",
                        payload,
                        payload,
                        9,
                        3,
                        "",
                        "0a".repeat(32));

        JsonNode json = encode("dead-letters", new DeadLetterEncoder(), letter);

        assertThat(json.path("payload").binaryValue()).isEqualTo(payload);
        assertThat(json.path("key").binaryValue()).isEqualTo(payload);
        assertThat(json.path("payload_size").intValue()).isEqualTo(9);
        assertThat(json.path("payload_sha256").textValue()).isEqualTo("0a".repeat(32));
        assertThat(json.path("key_size").intValue()).isEqualTo(3);
        assertThat(new DeadLetterEncoder().key(letter)).isEqualTo("t:1:2");
    }

    @Test
    void writesNullForWhatADeadLetterDoesNotHave() {
        DeadLetter letter =
                new DeadLetter(
                        "t", 1, 2, -1, "value", "why", new byte[0], new byte[0], 0, 0, "", "");

        JsonNode json = encode("dead-letters", new DeadLetterEncoder(), letter);

        for (String field : List.of("timestamp_ms", "key", "key_sha256", "payload_sha256")) {
            assertThat(json.get(field).isNull()).as(field).isTrue();
        }
        assertThat(json.path("payload").asText()).isEmpty();
    }

    /** The event as JSON, which its topic's schema must accept and describe field by field. */
    private static <E> JsonNode encode(String topic, EventEncoder<E> encoder, E event) {
        JsonNode json = TestingSchemas.json(requireNonNull(encoder.value(event)));

        assertThat(TestingSchemas.violations(topic, json)).isEmpty();
        TreeSet<String> described = names(TestingSchemas.document(topic).path("properties"));
        described.removeIf(name -> OF_ANSWERS.contains(name) && !json.has(name));
        assertThat(names(json)).isEqualTo(described);
        return json;
    }

    private static TreeSet<String> names(JsonNode object) {
        TreeSet<String> names = new TreeSet<>();
        for (Map.Entry<String, JsonNode> field : object.properties()) {
            names.add(field.getKey());
        }
        return names;
    }

    private static RecommendationList list(
            RecommendationList.Path path, long version, String probe, RecommendedItem... items) {
        return new RecommendationList(
                "r",
                "u",
                10,
                20,
                version,
                path,
                List.of(items),
                probe,
                0,
                5,
                -1,
                15,
                null,
                null,
                List.of());
    }
}
