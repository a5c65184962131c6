package io.freshet.source.decode;

import static io.freshet.source.decode.TestingRecords.LIMITS;
import static io.freshet.source.decode.TestingRecords.RECORD_TIME;
import static io.freshet.source.decode.TestingRecords.record;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.freshet.event.query.ItemFilter;
import io.freshet.event.query.NumberRange;
import io.freshet.event.query.Query;
import io.freshet.event.query.Query.Kind;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RequestDecoderTest {

    private static final long RELEASED_FROM = 19_723; // days from 1970 to 2024

    private final RequestDecoder decoder = new RequestDecoder(LIMITS, 100);

    @Test
    void readsAllThatMayBeAskedFor() {
        String json =
                """
                {"request_id": "r", "kind": "similar-items", "user_id": "u", "item_id": "i",
                 "size": 100, "only_items": ["a", "b"], "exclude_items": ["c"],
                 "only_categories": ["shoes"], "exclude_categories": ["socks"],
                 "ranges": {"price": {"max": 9.5}, "released": {"min": "2024-01-01"}},
                 "explain": true, "timeout_ms": 1500, "of no meaning": 1}
                """;

        assertThat(decoder.decode(record(json)).event())
                .isEqualTo(
                        new Query(
                                "r",
                                Kind.SIMILAR_ITEMS,
                                "u",
                                List.of("i"),
                                100,
                                new ItemFilter(
                                        List.of("a", "b"),
                                        List.of("c"),
                                        List.of("shoes"),
                                        List.of("socks"),
                                        List.of(
                                                new NumberRange(
                                                        "price", Float.NEGATIVE_INFINITY, 9.5f),
                                                new NumberRange(
                                                        "released",
                                                        RELEASED_FROM,
                                                        Float.POSITIVE_INFINITY))),
                                true,
                                1500,
                                3,
                                42,
                                RECORD_TIME));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"kind\":\"personal\",\"user_id\":\"u\" | PERSONAL | u",
                "\"kind\":\"popular\",\"item_id\":7,\"items\":8 | POPULAR | ``",
                "\"kind\":\"popular\",\"user_id\":null,\"size\":null | POPULAR | ``",
                "\"kind\":\"next-in-session\",\"items\":[\"a\"] | NEXT_IN_SESSION | ``",
            })
    void needsOnlyWhatTheKindAsksFor(String fields, Kind kind, String user) {
        Query query =
                requireNonNull(
                        decoder.decode(record("{\"request_id\":\"r\"," + fields + "}")).event());

        assertThat(query.kind()).isEqualTo(kind);
        assertThat(query.userId()).isEqualTo(user);
        assertThat(query.size()).isZero();
        assertThat(query.filter()).isEqualTo(ItemFilter.none());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"kind\":\"personal\" | user_id",
                "\"kind\":\"similar-items\" | item_id",
                "\"kind\":\"next-in-session\" | items",
                "\"kind\":\"next-in-session\",\"items\":[] | items",
                "\"kind\":\"Popular\" | kind",
                "\"kind\":\"popular\",\"size\":0 | size",
                "\"kind\":\"popular\",\"size\":101 | size",
                "\"kind\":\"popular\",\"size\":1.0 | size",
                "\"kind\":\"popular\",\"user_id\":\" \" | user_id",
                "\"kind\":\"popular\",\"only_items\":[\"\"] | only_items[0]",
                "\"kind\":\"popular\",\"explain\":\"yes\" | explain",
                "\"kind\":\"popular\",\"timeout_ms\":0 | timeout_ms",
                "\"kind\":\"popular\",\"ranges\":[] | ranges",
                "\"kind\":\"popular\",\"ranges\":{\"size\":{}} | ranges.size",
                "\"kind\":\"popular\",\"ranges\":{\"tags\":{}} | ranges.tags",
                "\"kind\":\"popular\",\"ranges\":{\"price\":5} | ranges.price",
                "\"kind\":\"popular\",\"ranges\":{\"price\":{\"min\":\"5\"}} | ranges.price.min",
                "\"kind\":\"popular\",\"ranges\":{\"released\":{\"max\":\"soon\"}}"
                        + " | ranges.released.max",
            })
    void namesTheFieldAtFault(String fields, String field) {
        Decoded.OfQuery decoded = decoder.decode(record("{\"request_id\":\"r\"," + fields + "}"));

        assertThat(requireNonNull(decoded.deadLetter()).field()).isEqualTo(field);
    }

    @Test
    void refusesMoreCategoriesThanAListCouldWantToKnow() {
        String many = String.join(",", Collections.nCopies(101, "\"\""));
        String json =
                "{\"request_id\":\"r\",\"kind\":\"popular\",\"only_categories\":[%s]}"
                        .formatted(many.replace("\"\"", "\"c\""));

        assertThat(requireNonNull(decoder.decode(record(json)).deadLetter()).reason())
                .contains("only_categories");
    }
}
