package io.freshet.recommend;

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
        merge.add(Element.of(request("a", 100)));

        assertThat(merge.poll(99)).isNull();
        assertThat(merge.earliest()).isEqualTo(100);
        assertThat(merge.poll(100)).isNotNull();
        assertThat(merge.earliest()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void releasesVersionsThenRequestsThenStatisticsOfTheSameMoment() {
        Element popularity = Element.of(popularity("x", 100, 1));
        Element catalog = Element.of(catalog("x", 100, true));
        Element request = Element.of(request("a", 100));
        Element version = Element.of(promoted(1, 100));
        List.of(catalog, popularity, request, version).forEach(merge::add);

        assertThat(releaseAll(merge, 100)).containsExactly(version, request, popularity, catalog);
    }

    @Test
    void keepsArrivalOrderAmongEquals() {
        Element first = Element.of(request("a", 100));
        Element second = Element.of(request("b", 100));
        merge.add(first);
        merge.add(second);

        assertThat(releaseAll(merge, 100)).containsExactly(first, second);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void ordersAlikeHoweverTheInputsInterleave(long seed) {
        List<Element> requests = new ArrayList<>();
        List<Element> updates = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            requests.add(Element.of(request("r" + i, i / 3 * 10)));
            updates.add(
                    Element.of(
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
    private static List<Element> interleaved(
            List<Element> left, List<Element> right, Random random) {
        EventTimeMerge merge = new EventTimeMerge();
        List<Element> released = new ArrayList<>();
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

    private static long watermark(List<Element> input, int next) {
        return next == input.size() ? Long.MAX_VALUE : input.get(next).timestamp() - 1;
    }

    private static List<Element> releaseAll(EventTimeMerge merge, long watermark) {
        List<Element> released = new ArrayList<>();
        for (Element e = merge.poll(watermark); e != null; e = merge.poll(watermark)) {
            released.add(e);
        }
        return released;
    }
}
