package io.freshet.source.decode;

import static io.freshet.source.decode.TestingRecords.CLOCK;
import static io.freshet.source.decode.TestingRecords.LIMITS;
import static io.freshet.source.decode.TestingRecords.NOW;
import static io.freshet.source.decode.TestingRecords.RECORD_TIME;
import static io.freshet.source.decode.TestingRecords.record;
import static io.freshet.source.decode.TestingRecords.tombstone;
import static io.freshet.source.decode.TestingRecords.utf8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.freshet.event.CatalogItem;
import io.freshet.event.DeadLetter;
import io.freshet.event.TestingSchemas;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CatalogItemDecoderTest {

    private final CatalogItemDecoder decoder =
            new CatalogItemDecoder(LIMITS, Map.of("image", 2), CLOCK);

    @Test
    void readsAllFields() {
        String json =
                "{\"item_id\":\"i1\",\"title\":\"A shoe\",\"description\":\"two\\nlines\","
                        + "\"categories\":[\"shoes\",\"running\"],\"available\":false,"
                        + "\"timestamp_ms\":1700000000000,"
                        + "\"vectors\":{\"image\":[1,-0.5],\"audio\":[2e-1]}}";

        assertThat(decoder.decode(record(json)).event())
                .usingRecursiveComparison()
                .isEqualTo(
                        new CatalogItem(
                                "i1",
                                "A shoe",
                                "two\nlines",
                                List.of("shoes", "running"),
                                false,
                                NOW,
                                Map.of(
                                        "image",
                                        new float[] {1, -0.5f},
                                        "audio",
                                        new float[] {0.2f})));
        assertThat(TestingSchemas.violations("items", TestingSchemas.json(utf8(json)))).isEmpty();
    }

    @Test
    void needsAnIdAndATimeOnly() {
        String json = "{\"item_id\":\"i1\",\"timestamp_ms\":1700000000000}";

        assertThat(decoder.decode(record(json)).event())
                .isEqualTo(new CatalogItem("i1", "", "", List.of(), true, NOW, Map.of()));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "title         | 5                        | title             | found the number 5",
                "title         | \"a\\udfffb\"            | title             | without its partner",
                "description   | \"12345678901234567890123456789012345678901\"|description|41 characters",
                "categories    | \"shoes\"                | categories        | an array of strings",
                "categories    | [\"shoes\",\"\"]         | categories[1]     | found \"\"",
                "categories    | [\"fifteen letters\",\"fifteen letters\",\"eleven more\"]|categories| 3 strings of 41",
                "categories    | [null]                   | categories[0]     | found null",
                "available     | \"yes\"                  | available         | true or false",
                "available     | 1                        | available         | true or false",
                "vectors       | [1]                      | vectors           | an object of arrays",
                "vectors       | {\"a\":1}                | vectors.a         | found the number 1",
                "vectors       | {\"a\":[]}               | vectors.a         | found an array of 0",
                "vectors       | {\"a\":[1,\"2\"]}        | vectors.a[1]      | found \"2\"",
                "vectors       | {\"a\":[1e39]}           | vectors.a[0]      | 32-bit",
                "vectors       | {\"a\":[null]}           | vectors.a[0]      | found null",
                "vectors       | {\"image\":[1,2,3]}      | vectors.image     | found 3 numbers",
                "vectors       | {\"\":[1]}               | vectors (name)    | found \"\"",
                "vectors       | {\"a\\u001b\":[1]}       | vectors (name)    | no control",
                "vectors       | {\"a\":[1,}              | vectors           | broken JSON",
                "vectors       | {\"a\":[1],\"a\":[2]}    | vectors           | Duplicate field",
                "categories    | [\"a\tb\"]              | categories        | broken JSON",
                "extra         | {\"title\":\"a\tb\"}     | value             | broken JSON",
            })
    void refusesWhatDoesNotFit(String field, String json, String path, String reason) {
        String value =
                "{\"item_id\":\"i1\",\"timestamp_ms\":1700000000000,\""
                        + field
                        + "\":"
                        + json
                        + "}";

        DeadLetter letter = requireNonNull(decoder.decode(record(value)).deadLetter());

        assertThat(letter.field()).isEqualTo(path);
        assertThat(letter.reason()).contains(reason).contains(", expected ");
    }

    @Test
    void readsATombstoneAsWithdrawalOfTheItemInItsKey() {
        assertThat(decoder.decode(tombstone(utf8("i1"))).event())
                .isEqualTo(new CatalogItem("i1", "", "", List.of(), false, RECORD_TIME, Map.of()));
    }

    @Test
    void refusesATombstoneThatNamesNoItem() {
        assertThat(decoder.decode(tombstone(null)).deadLetter()).isNotNull();
        assertThat(decoder.decode(tombstone(utf8(""))).deadLetter())
                .extracting(DeadLetter::field)
                .isEqualTo("key");
        assertThat(decoder.decode(tombstone(utf8("a\nb"))).deadLetter())
                .extracting(DeadLetter::reason)
                .asString()
                .contains("no control characters");
        assertThat(decoder.decode(tombstone(new byte[] {'i', (byte) 0xff})).deadLetter())
                .extracting(DeadLetter::reason)
                .isEqualTo("key: found bytes that are not UTF-8 at offset 1, expected valid UTF-8");
    }

    @Test
    void refusesATombstoneWithoutATimeWithinTheBounds() {
        RawRecord timeless = new RawRecord("topic", 0, 0, -1, utf8("i1"), null);

        assertThat(decoder.decode(timeless).deadLetter())
                .extracting(DeadLetter::field)
                .isEqualTo("record time");
    }
}
