package io.freshet.source.decode;

import static io.freshet.source.decode.TestingRecords.CLOCK;
import static io.freshet.source.decode.TestingRecords.LIMITS;
import static io.freshet.source.decode.TestingRecords.NOW;
import static io.freshet.source.decode.TestingRecords.utf8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.freshet.event.Interaction;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** With a clock skew of a minute, and timestamps from 1,000 ms on. */
class ArrivalTimesTest {

    private static final long MINUTE = 60_000;
    private static final long ARRIVAL = NOW - 30 * MINUTE;
    private static final long NONE = -1;

    private final ArrivalTimes decoder =
            new ArrivalTimes(new InteractionDecoder(LIMITS, CLOCK), LIMITS, CLOCK);

    @ParameterizedTest
    @CsvSource({"61000", "3540000"})
    void what_is_further_ahead_than_the_skew_happened_when_it_arrived(long ahead) {
        Decoded.OfInteraction decoded = decode(ARRIVAL, ARRIVAL + ahead);

        assertThat(decoded.event()).isEqualTo(interaction(ARRIVAL, ARRIVAL));
        assertThat(decoded.timestampOr(0)).as("what watermarks are made from").isEqualTo(ARRIVAL);
        assertThat(decoded.ahead()).isTrue();
    }

    @Test
    void what_is_ahead_by_the_skew_keeps_its_time() {
        assertThat(decode(ARRIVAL, ARRIVAL + MINUTE)).isEqualTo(plain(ARRIVAL + MINUTE, ARRIVAL));
    }

    @ParameterizedTest
    @ValueSource(longs = {1_000, NOW - 365L * 24 * 60 * MINUTE, ARRIVAL})
    void the_past_stays_as_it_is_however_late_it_arrives(long timestamp) {
        assertThat(decode(ARRIVAL, timestamp)).isEqualTo(plain(timestamp, ARRIVAL));
    }

    @ParameterizedTest
    @ValueSource(longs = {NONE, 0, 999, NOW + 1, NOW + 59 * 60_000})
    void the_clock_counts_where_the_record_has_no_time_or_one_ahead_of_it(long stamp) {
        assertThat(decode(stamp, NOW + MINUTE + 1).timestampOr(0)).isEqualTo(NOW);
        assertThat(decode(stamp, NOW + MINUTE)).isEqualTo(plain(NOW + MINUTE, NOW));
    }

    @Test
    void a_dead_letter_stays_one() {
        Decoded.OfInteraction decoded = decode(ARRIVAL, NOW + 61 * MINUTE);

        assertThat(requireNonNull(decoded.deadLetter()).reason()).contains("ahead");
        assertThat(decoded.ahead()).isFalse();
    }

    private Decoded.OfInteraction decode(long recordTimestamp, long eventTime) {
        String json =
                "{\"event_id\":\"e\",\"user_id\":\"u\",\"item_id\":\"i\",\"event_type\":\"click\","
                        + "\"rating\":4,\"timestamp_ms\":"
                        + eventTime
                        + "}";
        return decoder.decode(
                new RawRecord("topic", 3, 42, recordTimestamp, utf8("key"), utf8(json)));
    }

    private static Decoded.OfInteraction plain(long timestamp, long arrival) {
        return new Decoded.OfInteraction(interaction(timestamp, arrival), null);
    }

    private static Interaction interaction(long timestamp, long arrival) {
        return new Interaction("e", "u", "i", "click", 4f, timestamp, 3, 42, arrival, List.of());
    }
}
