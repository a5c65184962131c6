package io.freshet.item;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.freshet.event.FollowerCounts;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The half-life is 100 ms; three followers are counted. */
class FollowersTest {

    private static final float ROUNDING = 1e-5f;
    private static final int ALL = 100;

    private final Followers followers = new Followers(new Decay(Duration.ofMillis(100)), 3);
    private final FollowersState item = new FollowersState();

    @Test
    void answersWithTheMostFrequentFollowersAsTheyCountAtTheRequestsTime() {
        followers.count(item, "a", 1000, 1);
        followers.count(item, "b", 1000, 1);
        followers.count(item, "b", 1100, 1);

        FollowerCounts answer = answerAt(1200, ALL);

        assertThat(answer.items()).containsExactly("b", "a");
        assertThat(answer.counts()).containsExactly(new float[] {0.75f, 0.25f}, within(ROUNDING));
        assertThat(answer.total()).isCloseTo(1.0f, within(ROUNDING));
    }

    @Test
    void aFollowerCountsByItsWeight() {
        followers.count(item, "a", 1000, 0.25f);
        followers.count(item, "b", 1000, 0.5f);

        FollowerCounts answer = answerAt(1000, ALL);

        assertThat(answer.items()).containsExactly("b", "a");
        assertThat(answer.counts()).containsExactly(new float[] {0.5f, 0.25f}, within(ROUNDING));
        assertThat(answer.total()).isCloseTo(0.75f, within(ROUNDING));
    }

    @Test
    void takingBackLeavesWhatWouldBeWithoutTheFollower() {
        followers.count(item, "a", 1000, 1);
        followers.count(item, "b", 1000, 1);
        followers.count(item, "b", 1100, 1);

        followers.takeBack(item, "b", 1100, 1);
        followers.takeBack(item, "unknown", 1100, 1);

        FollowerCounts answer = answerAt(1100, ALL);
        assertThat(answer.counts()).containsExactly(new float[] {0.5f, 0.5f}, within(ROUNDING));
        assertThat(answer.total()).isCloseTo(1, within(ROUNDING));
        followers.takeBack(item, "b", 1000, 1);
        answer = answerAt(1100, ALL);
        assertThat(answer.items()).containsExactly("a", "b");
        assertThat(answer.counts()[1]).isCloseTo(0, within(ROUNDING)).isNotNegative();
        assertThat(item.items).as("in the order of their counts").containsExactly("a", "b");
    }

    @Test
    void givesNoMoreThanWanted() {
        followers.count(item, "a", 1000, 1);
        followers.count(item, "b", 1000, 1);
        followers.count(item, "b", 1000, 1);

        FollowerCounts answer = answerAt(1000, 1);

        assertThat(answer.items()).containsExactly("b");
        assertThat(answer.total()).as("of all").isCloseTo(3, within(ROUNDING));
        assertThat(answerAt(1000, 0).items()).isEmpty();
    }

    @Test
    void equalFollowersComeInTheOrderOfTheirIds() {
        followers.count(item, "b", 1000, 1);
        followers.count(item, "c", 1000, 1);
        followers.count(item, "a", 1000, 1);

        assertThat(answerAt(1000, ALL).items()).containsExactly("a", "b", "c");
        followers.count(item, "c", 1000, 1);
        assertThat(answerAt(1000, ALL).items()).containsExactly("c", "a", "b");
    }

    @Test
    void theNewestOfEqualFollowersTakeTheLastPlaces() {
        followers.count(item, "b", 1000, 1);
        followers.count(item, "c", 1000, 1);
        followers.count(item, "a", 1000, 1);
        followers.count(item, "b", 1000, 1);

        assertThat(answerAt(1000, 2).items()).containsExactly("b", "a");
        followers.count(item, "x", 1000, 1);
        assertThat(answerAt(1000, 2).items()).containsExactly("b", "x");
    }

    @Test
    void theWeakestGivesWayAndStillCountsInTheTotal() {
        followers.count(item, "a", 1000, 1);
        followers.count(item, "a", 1000, 1);
        followers.count(item, "b", 1000, 1);
        followers.count(item, "c", 1010, 1);

        followers.count(item, "d", 1010, 1);

        assertThat(answerAt(1010, ALL).items()).containsExactly("a", "c", "d");
        float old = (float) Math.pow(2, -0.1);
        assertThat(answerAt(1010, ALL).total()).isCloseTo(2 + 3 * old, within(ROUNDING));
        assertThat(answerAt(1010, ALL).counts()[2])
                .as("inherits nothing from b")
                .isCloseTo(1, within(ROUNDING));
    }

    @Test
    void amongEquallyWeakFollowersTheOldestGivesWay() {
        for (String follower : List.of("x", "c", "b", "a")) {
            followers.count(item, follower, 1000, 1);
        }
        assertThat(answerAt(1000, ALL).items()).containsExactly("a", "b", "c");

        followers.count(item, "z", 1000, 1);
        assertThat(answerAt(1000, ALL).items()).containsExactly("a", "b", "z");
    }

    @Test
    void aFollowerThatIsWeakerThanAllIsOnlyCountedInTheTotal() {
        followers.count(item, "a", 1000, 1);
        followers.count(item, "b", 1000, 1);
        followers.count(item, "c", 1000, 1);

        followers.count(item, "late", 900, 1);

        assertThat(answerAt(1000, ALL).items()).containsExactly("a", "b", "c");
        assertThat(answerAt(1000, ALL).total()).isCloseTo(3.5f, within(ROUNDING));
    }

    @Test
    void theOrderOfArrivalMakesNoDifference() {
        Random random = new Random(5);
        List<Long> times = new ArrayList<>();
        for (long i = 0; i < 300; i++) {
            times.add(1_000 + (long) random.nextInt(5_000));
        }
        FollowersState ordered = new FollowersState();
        times.forEach(time -> followers.count(item, "f" + time % 3, time, 1));
        Collections.sort(times);
        times.forEach(time -> followers.count(ordered, "f" + time % 3, time, 1));

        FollowerCounts one = followers.answer(item, 6_000, ALL);
        FollowerCounts other = followers.answer(ordered, 6_000, ALL);

        assertThat(one.items()).containsExactly(other.items());
        assertThat(one.counts()).containsExactly(other.counts(), within(1e-4f));
        assertThat(one.total()).isCloseTo(other.total(), within(1e-4f));
    }

    @Test
    void countsStayFiniteHoweverMuchTimePasses() {
        for (long time = 0; time < 1_000_000; time += 770) {
            followers.count(item, "f" + time % 2, time, 1);
        }
        long muchLater = 1_000_000_000_000L;
        followers.count(item, "new", muchLater, 1);

        FollowerCounts answer = answerAt(muchLater, ALL);
        assertThat(answer.items()[0]).isEqualTo("new");
        assertThat(answer.counts()[0]).isCloseTo(1, within(ROUNDING));
        assertThat(answer.total()).isCloseTo(1, within(ROUNDING));
    }

    @Test
    void closeEventsStillLetOldOnesFade() {
        Followers slow = new Followers(new Decay(Duration.ofDays(90)), 3);
        slow.count(item, "old", 0, 1);
        long halfLife = Duration.ofDays(90).toMillis();
        int steps = 50_000;
        for (int i = 1; i <= steps; i++) {
            slow.count(item, "new", i * (halfLife / steps), 1);
        }

        FollowerCounts answer = slow.answer(item, halfLife, ALL);
        assertThat(answer.items()).containsExactly("new", "old");
        assertThat(answer.counts()[1]).isCloseTo(0.5f, within(1e-3f));
        float expected = (float) (0.5 * steps / Math.log(2));
        assertThat(answer.counts()[0]).isCloseTo(expected, within(1e-3f * expected));
    }

    @Test
    void noFollowerCountsMoreThanOneForARequestFromThePast() {
        followers.count(item, "a", 1000, 1);
        followers.count(item, "b", 1100, 1);

        assertThat(answerAt(500, ALL).counts())
                .containsExactly(new float[] {1, 0.5f}, within(ROUNDING));
        assertThat(answerAt(1050, ALL).counts())
                .containsExactly(new float[] {1, 0.5f}, within(ROUNDING));
    }

    private FollowerCounts answerAt(long time, int most) {
        return followers.answer(item, time, most);
    }
}
