package io.freshet.item;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.freshet.event.RecommendationRequest;
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
        followers.count(item, "a", 1000);
        followers.count(item, "b", 1000);
        followers.count(item, "b", 1100);

        RecommendationRequest answer = answerAt(1200, ALL);

        assertThat(answer.followers()).containsExactly("b", "a");
        assertThat(answer.followerCounts())
                .containsExactly(new float[] {0.75f, 0.25f}, within(ROUNDING));
        assertThat(answer.followerTotal()).isCloseTo(1.0f, within(ROUNDING));
        assertThat(answer.userId()).isEqualTo("ann");
    }

    @Test
    void givesNoMoreThanWanted() {
        followers.count(item, "a", 1000);
        followers.count(item, "b", 1000);
        followers.count(item, "b", 1000);

        RecommendationRequest answer = answerAt(1000, 1);

        assertThat(answer.followers()).containsExactly("b");
        assertThat(answer.followerTotal()).as("of all").isCloseTo(3, within(ROUNDING));
        assertThat(answerAt(1000, 0).followers()).isEmpty();
    }

    @Test
    void equalFollowersComeInTheOrderOfTheirIds() {
        followers.count(item, "b", 1000);
        followers.count(item, "c", 1000);
        followers.count(item, "a", 1000);

        assertThat(answerAt(1000, ALL).followers()).containsExactly("a", "b", "c");
        followers.count(item, "c", 1000);
        assertThat(answerAt(1000, ALL).followers()).containsExactly("c", "a", "b");
    }

    @Test
    void theNewestOfEqualFollowersTakeTheLastPlaces() {
        followers.count(item, "b", 1000);
        followers.count(item, "c", 1000);
        followers.count(item, "a", 1000);
        followers.count(item, "b", 1000);

        assertThat(answerAt(1000, 2).followers()).containsExactly("b", "a");
        followers.count(item, "x", 1000);
        assertThat(answerAt(1000, 2).followers()).containsExactly("b", "x");
    }

    @Test
    void theWeakestGivesWayAndStillCountsInTheTotal() {
        followers.count(item, "a", 1000);
        followers.count(item, "a", 1000);
        followers.count(item, "b", 1000);
        followers.count(item, "c", 1010);

        followers.count(item, "d", 1010);

        assertThat(answerAt(1010, ALL).followers()).containsExactly("a", "c", "d");
        float old = (float) Math.pow(2, -0.1);
        assertThat(answerAt(1010, ALL).followerTotal()).isCloseTo(2 + 3 * old, within(ROUNDING));
        assertThat(answerAt(1010, ALL).followerCounts()[2])
                .as("takes over nothing from b")
                .isCloseTo(1, within(ROUNDING));
    }

    @Test
    void amongEquallyWeakFollowersTheOldestGivesWay() {
        for (String follower : List.of("x", "c", "b", "a")) {
            followers.count(item, follower, 1000);
        }
        assertThat(answerAt(1000, ALL).followers()).containsExactly("a", "b", "c");

        followers.count(item, "z", 1000);
        assertThat(answerAt(1000, ALL).followers()).containsExactly("a", "b", "z");
    }

    @Test
    void aFollowerThatIsWeakerThanAllIsOnlyCountedInTheTotal() {
        followers.count(item, "a", 1000);
        followers.count(item, "b", 1000);
        followers.count(item, "c", 1000);

        followers.count(item, "late", 900);

        assertThat(answerAt(1000, ALL).followers()).containsExactly("a", "b", "c");
        assertThat(answerAt(1000, ALL).followerTotal()).isCloseTo(3.5f, within(ROUNDING));
    }

    @Test
    void theOrderOfArrivalMakesNoDifference() {
        Random random = new Random(5);
        List<Long> times = new ArrayList<>();
        for (long i = 0; i < 300; i++) {
            times.add(1_000 + (long) random.nextInt(5_000));
        }
        FollowersState ordered = new FollowersState();
        times.forEach(time -> followers.count(item, "f" + time % 3, time));
        Collections.sort(times);
        times.forEach(time -> followers.count(ordered, "f" + time % 3, time));

        RecommendationRequest one = followers.answer(item, requestAt(6_000), ALL);
        RecommendationRequest other = followers.answer(ordered, requestAt(6_000), ALL);

        assertThat(one.followers()).containsExactly(other.followers());
        assertThat(one.followerCounts()).containsExactly(other.followerCounts(), within(1e-4f));
        assertThat(one.followerTotal()).isCloseTo(other.followerTotal(), within(1e-4f));
    }

    @Test
    void countsStayFiniteHoweverMuchTimePasses() {
        for (long time = 0; time < 1_000_000; time += 770) {
            followers.count(item, "f" + time % 2, time);
        }
        long muchLater = 1_000_000_000_000L;
        followers.count(item, "new", muchLater);

        RecommendationRequest answer = answerAt(muchLater, ALL);
        assertThat(answer.followers()[0]).isEqualTo("new");
        assertThat(answer.followerCounts()[0]).isCloseTo(1, within(ROUNDING));
        assertThat(answer.followerTotal()).isCloseTo(1, within(ROUNDING));
    }

    @Test
    void closeEventsStillLetOldOnesFade() {
        Followers slow = new Followers(new Decay(Duration.ofDays(90)), 3);
        slow.count(item, "old", 0);
        long halfLife = Duration.ofDays(90).toMillis();
        int steps = 50_000;
        for (int i = 1; i <= steps; i++) {
            slow.count(item, "new", i * (halfLife / steps));
        }

        RecommendationRequest answer = slow.answer(item, requestAt(halfLife), ALL);
        assertThat(answer.followers()).containsExactly("new", "old");
        assertThat(answer.followerCounts()[1]).isCloseTo(0.5f, within(1e-3f));
        float expected = (float) (0.5 * steps / Math.log(2));
        assertThat(answer.followerCounts()[0]).isCloseTo(expected, within(1e-3f * expected));
    }

    @Test
    void noFollowerCountsMoreThanOneForARequestFromThePast() {
        followers.count(item, "a", 1000);
        followers.count(item, "b", 1100);

        assertThat(answerAt(500, ALL).followerCounts())
                .containsExactly(new float[] {1, 0.5f}, within(ROUNDING));
        assertThat(answerAt(1050, ALL).followerCounts())
                .containsExactly(new float[] {1, 0.5f}, within(ROUNDING));
    }

    private RecommendationRequest answerAt(long time, int most) {
        return followers.answer(item, requestAt(time), most);
    }

    private static RecommendationRequest requestAt(long time) {
        return TestingRequests.request("ann", time, "last");
    }
}
