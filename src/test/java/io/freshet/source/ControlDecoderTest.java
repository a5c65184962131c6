package io.freshet.source;

import static io.freshet.source.TestingRecords.CLOCK;
import static io.freshet.source.TestingRecords.LIMITS;
import static io.freshet.source.TestingRecords.NOW;
import static io.freshet.source.TestingRecords.record;
import static io.freshet.source.TestingRecords.tombstone;
import static io.freshet.source.TestingRecords.utf8;
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
                .isEqualTo(new Control("c-1", Control.Kind.FORGET_USER, "u-7", NOW));
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
            })
    void namesTheFirstFieldThatDoesNotFit(String json, String field) {
        DeadLetter letter = requireNonNull(decoder.decode(record(json)).deadLetter());

        assertThat(letter.field()).isEqualTo(field);
        assertThat(TestingSchemas.violations("controls", TestingSchemas.json(utf8(json))))
                .isNotEmpty();
    }

    @Test
    void refusesATombstone() {
        assertThat(decoder.decode(tombstone(utf8("u"))).deadLetter()).isNotNull();
    }
}
