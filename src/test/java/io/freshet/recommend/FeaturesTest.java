package io.freshet.recommend;

import static io.freshet.recommend.TestingEvents.HALF_LIVES;
import static io.freshet.recommend.TestingEvents.popularity;
import static io.freshet.recommend.TestingEvents.request;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class FeaturesTest {

    private static final long HOUR = 3_600_000;

    private final ItemTable table = new ItemTable(HALF_LIVES, false);
    private final Candidates candidates = new Candidates();
    private final Features features = new Features(HALF_LIVES, true);

    @Test
    void sayHowLongAgoAnItemOccurredFirstAndLast() {
        occur("old", 0, 1);
        occur("old", 8 * HOUR, 1);
        occur("new", 8 * HOUR, 1);

        compute(10 * HOUR, "old", "new", "never");

        assertThat(value(0, Features.AGE)).isCloseTo((float) Math.log(11), within(1e-5f));
        assertThat(value(0, Features.RECENCY)).isCloseTo((float) Math.log(3), within(1e-5f));
        assertThat(value(1, Features.AGE)).isEqualTo(value(1, Features.RECENCY));
        assertThat(value(2, Features.AGE)).isZero();
    }

    @Test
    void weighTheModelAgainByHowRareAnItemIs() {
        occur("rare", 0, 0);
        occur("common", 0, 90);
        candidates.modelScore(candidates.add(table.indexOf("rare")), -6);
        candidates.modelScore(candidates.add(table.indexOf("common")), -2);

        compute(0, "rare", "common", "never");

        assertThat(value(0, Features.RARITY)).isEqualTo(1);
        assertThat(value(0, Features.RARE_MODEL)).isEqualTo(-6);
        assertThat(value(1, Features.RARITY)).isCloseTo(0.1f, within(1e-5f));
        assertThat(value(1, Features.RARE_MODEL)).isCloseTo(-0.2f, within(1e-5f));
        assertThat(value(2, Features.RARE_MODEL)).isZero();
    }

    private void occur(String item, long timestamp, float count) {
        table.apply(requireNonNull(popularity(item, timestamp, count).popularity()));
    }

    private void compute(long now, String... items) {
        table.advance(now);
        int[] positions = new int[items.length];
        for (int i = 0; i < items.length; i++) {
            positions[i] = candidates.add(table.indexOf(items[i]));
        }
        features.compute(request("r", now), candidates, positions, items.length, table);
    }

    private float value(int row, int feature) {
        return features.values()[row * features.width() + feature];
    }
}
