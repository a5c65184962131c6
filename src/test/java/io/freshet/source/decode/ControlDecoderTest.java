package io.freshet.source.decode;

import static io.freshet.source.decode.TestingRecords.CLOCK;
import static io.freshet.source.decode.TestingRecords.LIMITS;
import static io.freshet.source.decode.TestingRecords.NOW;
import static io.freshet.source.decode.TestingRecords.record;
import static io.freshet.source.decode.TestingRecords.tombstone;
import static io.freshet.source.decode.TestingRecords.utf8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.freshet.event.Control;
import io.freshet.event.DeadLetter;
import io.freshet.event.TestingSchemas;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ControlDecoderTest {

    private final ControlDecoder decoder = new ControlDecoder(LIMITS, CLOCK);

    @Test
    void readsTheInstructionToForgetAUser() {
        String json = TestingSchemas.document("controls").path("examples").get(0).toString();

        assertThat(decoder.decode(record(json)).event())
                .isEqualTo(Control.forget("c-1", "u-7", NOW));
    }

    @ParameterizedTest
    @CsvSource({
        "'\"kind\":\"rollback\",\"version\":12', ROLLBACK, 12",
        "'\"kind\":\"pause\"', PAUSE, 0",
        "'\"kind\":\"resume\",\"user_id\":null', RESUME, 0",
        "'\"kind\":\"train-now\",\"version\":\"x\"', TRAIN_NOW, 0",
    })
    void readsInstructionsAboutTraining(String fields, Control.Kind kind, long version) {
        String json = "{\"control_id\":\"c\"," + fields + ",\"timestamp_ms\":" + NOW + "}";

        assertThat(decoder.decode(record(json)).event())
                .isEqualTo(new Control("c", kind, "", NOW, version));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{} | control_id",
                "{\"control_id\":\"c\"} | kind",
                "{\"control_id\":\"c\",\"kind\":\"forget\"} | kind",
                "{\"control_id\":\"c\",\"kind\":\"FORGET_USER\"} | kind",
                "{\"control_id\":\"c\",\"kind\":\"forget-user\"} | user_id",
                "{\"control_id\":\"c\",\"kind\":\"forget-user\",\"user_id\":\"u\"} | timestamp_ms",
                "{\"control_id\":\"c\",\"kind\":\"pause\"} | timestamp_ms",
                "{\"control_id\":\"c\",\"kind\":\"rollback\",\"timestamp_ms\":1700000000000} | version",
                "{\"control_id\":\"c\",\"kind\":\"rollback\",\"timestamp_ms\":1700000000000,\"version\":0}"
                        + " | version",
                "{\"control_id\":\"c\",\"kind\":\"rollback\",\"timestamp_ms\":1700000000000,\"version\":1.5}"
                        + " | version",
            })
    void namesTheFirstFieldThatDoesNotFit(String json, String field) {
        DeadLetter letter = requireNonNull(decoder.decode(record(json)).deadLetter());

        assertThat(letter.field()).isEqualTo(field);
        assertThat(TestingSchemas.violations("controls", TestingSchemas.json(utf8(json))))
                .isNotEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"control_id\":\"c\",\"kind\":\"pau     | kind",
                "{\"control_id\":\"c\",\"version\":1e}    | version",
                "{\"control_id\":\"c\",\"item_id\":\"a\tb | value",
                "{\"control_id\":\"c\" \"kind\":\"pause\"} | value",
            })
    void namesTheFieldThatBreaksTheJson(String json, String field) {
        DeadLetter letter = requireNonNull(decoder.decode(record(json)).deadLetter());

        assertThat(letter.field()).isEqualTo(field);
        assertThat(letter.reason()).startsWith(field + ": found broken JSON");
    }

    @Test
    void refusesATombstone() {
        assertThat(decoder.decode(tombstone(utf8("u"))).deadLetter())
                .extracting(DeadLetter::field)
                .isEqualTo("value");
    }
}
