package io.freshet.item;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.freshet.event.ItemPopularity;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Half-lives are 100 ms and 1000 ms. */
class PopularityTest {

    private static final double ROUNDING = 1e-9;

    private final Popularity popularity =
            new Popularity(List.of(Duration.ofMillis(100), Duration.ofMillis(1000)));

    @Test
    void countsEachChoiceHalvedOncePerHalfLife() {
        PopularityState item = new PopularityState();

        popularity.count(item, 1000, 1);
        assertThat(item.counts).containsExactly(1, 1);
        popularity.count(item, 1100, 1);

        assertThat(item.counts[0]).isCloseTo(1.5, within(ROUNDING));
        assertThat(item.counts[1]).isCloseTo(1 + Math.pow(2, -0.1), within(ROUNDING));
        ItemPopularity update = popularity.update("a", item);
        assertThat(update.itemId()).isEqualTo("a");
        assertThat(update.timestamp()).isEqualTo(1100);
        assertThat(update.counts()[0]).isCloseTo(1.5f, within(1e-6f));
    }

    @Test
    void aLateChoiceCountsForWhatIsLeftOfIt() {
        PopularityState item = new PopularityState();

        popularity.count(item, 1000, 1);
        popularity.count(item, 800, 1);

        assertThat(item.time).isEqualTo(1000);
        assertThat(item.counts[0]).isCloseTo(1.25, within(ROUNDING));
    }

    @Test
    void aChoiceCountsByItsWeight() {
        PopularityState item = new PopularityState();

        popularity.count(item, 1000, 1);
        popularity.count(item, 1000, 0.25f);

        assertThat(item.counts).containsExactly(1.25, 1.25);
    }

    @Test
    void takingBackLeavesWhatWouldBeWithoutTheChoice() {
        PopularityState item = new PopularityState();
        PopularityState without = new PopularityState();

        popularity.count(item, 1000, 1);
        popularity.count(item, 1040, 0.5f);
        popularity.takeBack(item, 1040, 0.5f, 1100);
        popularity.count(without, 1000, 1);

        assertThat(item.time).as("it is known from then on").isEqualTo(1100);
        assertThat(item.counts[0]).isCloseTo(without.counts[0] * 0.5, within(ROUNDING));
        popularity.takeBack(item, 1000, 1, 1200);
        popularity.takeBack(item, 1000, 1, 1200);
        assertThat(item.counts[0])
                .as("never below 0")
                .isCloseTo(0, within(ROUNDING))
                .isNotNegative();
    }

    @Test
    void theOrderOfArrivalMakesNoDifference() {
        long[] times = new Random(3).longs(200, 0, 5_000).toArray();
        PopularityState arrived = new PopularityState();
        PopularityState ordered = new PopularityState();

        LongStream.of(times).forEach(time -> popularity.count(arrived, time, 1));
        LongStream.of(times).sorted().forEach(time -> popularity.count(ordered, time, 1));

        assertThat(arrived.time).isEqualTo(ordered.time);
        assertThat(arrived.counts).containsExactly(ordered.counts, within(1e-6));
    }

    @Test
    void closeEventsStillLetOldOnesFade() {
        Popularity slow = new Popularity(List.of(Duration.ofDays(30)));
        PopularityState item = new PopularityState();
        long month = Duration.ofDays(30).toMillis();
        int steps = 100_000;
        for (int i = 0; i < steps; i++) {
            slow.count(item, i * (month / steps), 1);
        }

        double expected = 0.5 * steps / Math.log(2);
        assertThat(item.counts[0]).isCloseTo(expected, within(1e-4 * expected));
    }

    @Test
    void takesUpAnotherNumberOfHalfLivesAfterARestart() {
        PopularityState item = new PopularityState();
        new Popularity(List.of(Duration.ofMillis(100))).count(item, 1000, 1);

        popularity.count(item, 1000, 1);

        assertThat(item.counts).containsExactly(2, 1);
    }

    /** A timer may send an item before its next choice is counted. */
    @Test
    void tellsOfTheHalfLivesConfiguredNow() {
        PopularityState item = new PopularityState();
        item.counts = new double[] {3, 2, 1};

        assertThat(popularity.update("a", item).counts()).containsExactly(3, 2);
    }
}
