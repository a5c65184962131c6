package io.freshet.source.decode;

import static io.freshet.source.decode.TestingRecords.CLOCK;
import static io.freshet.source.decode.TestingRecords.NOW;
import static io.freshet.source.decode.TestingRecords.RECORD_TIME;
import static io.freshet.source.decode.TestingRecords.record;
import static io.freshet.source.decode.TestingRecords.tombstone;
import static io.freshet.source.decode.TestingRecords.utf8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.freshet.config.Arguments;
import io.freshet.config.FreshetConfig;
import io.freshet.config.IngestConfig;
import io.freshet.event.Attribute;
import io.freshet.event.DeadLetter;
import io.freshet.event.Profile;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Declared attributes of interactions, items and users. */
class AttributesTest {

    private static final IngestConfig LIMITS =
            FreshetConfig.from(
                            Arguments.parse(
                                    "--attributes.context",
                                    "device:category,position:number,since:date",
                                    "--attributes.items",
                                    "price:number,tags:categories",
                                    "--attributes.users",
                                    "country:category"))
                    .ingest();

    private final InteractionDecoder interactions = new InteractionDecoder(LIMITS, CLOCK);
    private final CatalogItemDecoder items = new CatalogItemDecoder(LIMITS, Map.of(), CLOCK);
    private final UserDecoder users = new UserDecoder(LIMITS, CLOCK);

    @Test
    void anInteractionHasThoseThatAreDeclared() {
        assertThat(context("'device':'phone','position':3,'colour':'red'"))
                .containsExactly(
                        Attribute.category("device", "phone"), Attribute.number("position", 3));
        assertThat(context("'device':null")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"7, 7", "1.50, 1.5", "true, true", "' phone', ' phone'"})
    void aCategoryMayBeWrittenAsANumberOrAFlag(String written, String category) {
        String json = written.startsWith(" ") ? "\"" + written + "\"" : written;

        assertThat(context("'device':" + json))
                .containsExactly(Attribute.category("device", category));
    }

    @ParameterizedTest
    @CsvSource({
        "'2023-11-14', 19675",
        "'2023-11-14T12:00:00Z', 19675.5",
        "'2023-11-14T13:00:00+01:00', 19675.5",
        "1699920000000, 19675"
    })
    void aDateIsADayOrAMoment(String written, float days) {
        String json = written.contains("-") ? "\"" + written + "\"" : written;

        assertThat(context("'since':" + json)).containsExactly(Attribute.number("since", days));
    }

    @Test
    void anItemHasItsOwnBesideItsCategories() {
        Decoded.OfItem decoded =
                items.decode(
                        json(
                                "'item_id':'i','timestamp_ms':%d,'categories':['lamps'],'price':9.5,'tags':['a',2]"
                                        .formatted(NOW)));

        assertThat(Profile.of(requireNonNull(decoded.event())).attributes())
                .containsExactly(
                        Attribute.number("price", 9.5f),
                        Attribute.category("tags", "a"),
                        Attribute.category("tags", "2"),
                        Attribute.category("categories", "lamps"));
    }

    @Test
    void aUsersAreKnownUntilATombstone() {
        assertThat(
                        users.decode(
                                        json(
                                                "'user_id':'u','timestamp_ms':%d,'country':'FR'"
                                                        .formatted(NOW)))
                                .event())
                .isEqualTo(
                        new Profile(
                                Profile.Subject.USER,
                                "u",
                                List.of(Attribute.category("country", "FR")),
                                NOW));
        assertThat(users.decode(tombstone(utf8("u"))).event())
                .isEqualTo(new Profile(Profile.Subject.USER, "u", List.of(), RECORD_TIME));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'position':'3'",
                "'position':1e999",
                "'position':[3]",
                "'device':['phone']",
                "'device':{'name':'phone'}",
                "'since':'yesterday'",
                "'since':1.5",
                "'since':'2026-02-30'",
                "'device':' '"
            })
    void aWrongTypeIsADeadLetterThatNamesTheField(String field) {
        DeadLetter letter = interaction(field).deadLetter();

        assertThat(requireNonNull(letter).field()).isEqualTo(field.split("'")[1]);
    }

    @Test
    void whatIsTooLongOrTooManyIsADeadLetter() {
        String many =
                IntStream.range(0, 101).mapToObj(String::valueOf).collect(Collectors.joining(","));

        assertThat(
                        requireNonNull(
                                interaction("'device':'" + "x".repeat(900_000) + "'").deadLetter()))
                .satisfies(letter -> assertThat(letter.field()).isEqualTo("device"))
                .satisfies(letter -> assertThat(letter.reason()).hasSizeLessThan(300));
        assertThat(
                        requireNonNull(
                                        items.decode(
                                                        json(
                                                                "'item_id':'i','timestamp_ms':%d,'tags':[%s]"
                                                                        .formatted(NOW, many)))
                                                .deadLetter())
                                .reason())
                .contains("found 101 categories, expected at most 100");
    }

    @Test
    void tenThousandUndeclaredOnesAreIgnored() {
        String undeclared =
                IntStream.range(0, 10_000)
                        .mapToObj(number -> "'a" + number + "':" + number)
                        .collect(Collectors.joining(","));

        assertThat(context(undeclared)).isEmpty();
    }

    private List<Attribute> context(String fields) {
        return requireNonNull(interaction(fields).event()).attributes();
    }

    private Decoded.OfInteraction interaction(String fields) {
        return interactions.decode(
                json("'user_id':'u','item_id':'i','timestamp_ms':%d,%s".formatted(NOW, fields)));
    }

    private static RawRecord json(String fields) {
        return record(("{" + fields + "}").replace('\'', '"'));
    }
}
