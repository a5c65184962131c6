package io.freshet.recommend.operator;

import static io.freshet.recommend.TestingEvents.catalog;
import static io.freshet.recommend.TestingEvents.popularity;
import static io.freshet.recommend.TestingEvents.promoted;
import static io.freshet.recommend.TestingEvents.request;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventTimeMergeTest {

    private final EventTimeMerge merge = new EventTimeMerge();

    @Test
    void holdsWhatIsLaterThanTheWatermark() {
        merge.add(QueuedInput.of(request("a", 100)));

        assertThat(merge.poll(99)).isNull();
        assertThat(merge.earliest()).isEqualTo(100);
        assertThat(merge.poll(100)).isNotNull();
        assertThat(merge.earliest()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void releasesVersionsThenRequestsThenStatisticsOfTheSameMoment() {
        QueuedInput popularity = QueuedInput.of(popularity("x", 100, 1));
        QueuedInput catalog = QueuedInput.of(catalog("x", 100, true));
        QueuedInput request = QueuedInput.of(request("a", 100));
        QueuedInput version = QueuedInput.of(promoted(1, 100));
        List.of(catalog, popularity, request, version).forEach(merge::add);

        assertThat(releaseAll(merge, 100)).containsExactly(version, request, popularity, catalog);
    }

    @Test
    void keepsArrivalOrderAmongEquals() {
        QueuedInput first = QueuedInput.of(request("a", 100));
        QueuedInput second = QueuedInput.of(request("b", 100));
        merge.add(first);
        merge.add(second);

        assertThat(releaseAll(merge, 100)).containsExactly(first, second);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void ordersAlikeHoweverTheInputsInterleave(long seed) {
        List<QueuedInput> requests = new ArrayList<>();
        List<QueuedInput> updates = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            requests.add(QueuedInput.of(request("r" + i, i / 3 * 10)));
            updates.add(
                    QueuedInput.of(
                            i % 10 == 0
                                    ? promoted(i, i / 2 * 10)
                                    : popularity("x" + i, i / 2 * 10, 1)));
        }
        updates.sort((a, b) -> Long.compare(a.timestamp(), b.timestamp()));

        assertThat(interleaved(requests, updates, new Random(seed)))
                .isEqualTo(interleaved(requests, updates, new Random(0)))
                .hasSize(100);
    }

    /** Feeds both inputs at random paces, and releases as the watermarks of both allow. */
    private static List<QueuedInput> interleaved(
            List<QueuedInput> left, List<QueuedInput> right, Random random) {
        EventTimeMerge merge = new EventTimeMerge();
        List<QueuedInput> released = new ArrayList<>();
        int l = 0;
        int r = 0;
        while (l < left.size() || r < right.size()) {
            boolean takeLeft = r == right.size() || (l < left.size() && random.nextBoolean());
            merge.add(takeLeft ? left.get(l++) : right.get(r++));
            long watermark = Math.min(watermark(left, l), watermark(right, r));
            released.addAll(releaseAll(merge, watermark));
        }
        return released;
    }

    private static long watermark(List<QueuedInput> input, int next) {
        return next == input.size() ? Long.MAX_VALUE : input.get(next).timestamp() - 1;
    }

    private static List<QueuedInput> releaseAll(EventTimeMerge merge, long watermark) {
        List<QueuedInput> released = new ArrayList<>();
        for (QueuedInput e = merge.poll(watermark); e != null; e = merge.poll(watermark)) {
            released.add(e);
        }
        return released;
    }
}
