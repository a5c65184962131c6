package io.freshet.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.freshet.demo.Feeder.Pacer;
import io.freshet.demo.shop.Feed;
import io.freshet.demo.shop.ShopRecord;
import io.freshet.demo.shop.ShopRecord.Fault;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class PacerTest {

    private static final long START = 1_000_000;
    private static final long SECOND = 1_000_000_000;

    private final List<Long> released = new ArrayList<>();

    @Test
    void releasesWhatIsDueAtTheSpeedUp() {
        Pacer pacer = pacer(60, 0, 59_000, 60_000, 61_000, 200_000);

        assertThat(release(pacer, 0)).isTrue();
        assertThat(released).containsExactly(0L);
        assertThat(release(pacer, SECOND)).isTrue();
        assertThat(released).containsExactly(0L, 59_000L, 60_000L);
        assertThat(release(pacer, 2 * SECOND)).isTrue();
        assertThat(released).containsExactly(0L, 59_000L, 60_000L, 61_000L);
    }

    @Test
    void tellsTheEnd() {
        Pacer pacer = pacer(1, 0, 500);
        assertThat(release(pacer, SECOND)).isFalse();
        assertThat(released).containsExactly(0L, 500L);
    }

    private boolean release(Pacer pacer, long elapsed) {
        return pacer.release(elapsed, record -> released.add(record.arrival() - START));
    }

    private static Pacer pacer(double speedUp, long... times) {
        List<ShopRecord> live =
                LongStream.of(times)
                        .<ShopRecord>mapToObj(
                                time ->
                                        new ShopRecord.Broken(
                                                START + time, Fault.NOT_JSON, new byte[0]))
                        .toList();
        return new Pacer(
                new Feed(
                        "test",
                        List.of(),
                        live.iterator(),
                        START,
                        speedUp,
                        Feed.ENDLESS,
                        Duration.ZERO));
    }
}
