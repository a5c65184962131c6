package io.freshet.history;

import static io.freshet.history.TestingInteractions.USER;
import static io.freshet.history.TestingInteractions.arrival;
import static io.freshet.history.TestingInteractions.interaction;
import static org.assertj.core.api.Assertions.assertThat;

import io.freshet.event.FollowerCounts;
import io.freshet.event.ItemSignal;
import io.freshet.event.RecommendationRequest;
import io.freshet.runtime.attribute.PositionAttributes;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RequestsTest {

    private static final long[] SEEN = {1, 2};

    private final Timeline timeline = new Timeline(3, PositionAttributes.none());
    private final Requests requests = new Requests(timeline, 3, false, 4);
    private final HistoryState user = new HistoryState();
    private final ExposureState exposures = new ExposureState();
    private final RejectionState rejections = new RejectionState();

    @Test
    void aLiveRequestShowsTheLastItemsAndIsNamedAfterTheNewestArrival() {
        for (int i = 0; i < 5; i++) {
            timeline.insert(user, interaction("i" + i, 10 * i, 100 + i), 1);
        }
        timeline.insert(user, interaction("late", 5, 200), 1);

        RecommendationRequest request = requests.live(USER, user, SEEN, exposures, rejections);

        assertThat(request.requestId()).isEqualTo("ann:0:200");
        assertThat(request.offset()).isEqualTo(200);
        assertThat(request.userId()).isEqualTo(USER);
        assertThat(request.items()).containsExactly("i2", "i3", "i4");
        assertThat(request.timestamps()).containsExactly(20, 30, 40);
        assertThat(request.timestamp()).as("the user's newest event time").isEqualTo(40);
        assertThat(request.seen()).containsExactly(1, 2);
        assertThat(request.isProbe()).isFalse();
        assertThat(request.forget()).isFalse();
    }

    @Test
    void aRequestHasTheAttributesOfItsItems() {
        Timeline typed = new Timeline(3, new PositionAttributes(Set.of("gap"), Set.of(), Set.of()));
        Requests asking = new Requests(typed, 3, false, 4);
        for (int i = 0; i < 5; i++) {
            typed.insert(user, interaction("i" + i, 1000L * i, i), 1);
        }

        int[][] live = asking.live(USER, user, SEEN, exposures, rejections).attributes();
        int[][] probe =
                asking.probe(interaction("x", 1500, 9), user, SEEN, exposures, rejections)
                        .attributes();

        assertThat(live.length).isEqualTo(3);
        assertThat(live[2]).as("a second, as before").isEqualTo(live[1]).hasSize(1);
        assertThat(probe).as("of i0 and i1").isDeepEqualTo(new int[][] {{}, live[1]});
    }

    @Test
    void aProbeShowsWhatWasBeforeTheInteraction() {
        timeline.insert(user, interaction("a", 10, 100), 1);

        RecommendationRequest request =
                requests.probe(interaction("b", 20, 101), user, SEEN, exposures, rejections);

        assertThat(request.isProbe()).isTrue();
        assertThat(request.probeItem()).isEqualTo("b");
        assertThat(request.items()).containsExactly("a");
        assertThat(request.timestamp()).isEqualTo(20);
        assertThat(request.offset()).isEqualTo(101);
        assertThat(request.arrivedAt()).isEqualTo(arrival(101));
        timeline.insert(user, interaction("b", 20, 101), 1);
        assertThat(request.requestId())
                .isNotEqualTo(requests.live(USER, user, SEEN, exposures, rejections).requestId());
    }

    /** Or the list that is measured would be made with a hint at what the user chose. */
    @Test
    void aProbeIsWithoutExposuresThatTheChoiceMayRespondTo() {
        timeline.insert(user, interaction("a", 10, 100), 1);
        Exposures.add(exposures, "earlier", 15, user);
        Exposures.add(exposures, "b", 16, user);
        Exposures.add(exposures, "beside it", 20, user);

        RecommendationRequest probe =
                requests.probe(interaction("b", 20, 101), user, SEEN, exposures, rejections);

        assertThat(probe.exposed()).containsExactly("earlier");
        assertThat(requests.live(USER, user, SEEN, exposures, rejections).exposed())
                .containsExactly("earlier", "b", "beside it");
    }

    @Test
    void aLateProbeShowsNothingThatTheUserDidOrWasShownSince() {
        timeline.insert(user, interaction("a", 10, 100), 1);
        timeline.insert(user, interaction("same time", 20, 102), 1);
        timeline.insert(user, interaction("c", 30, 103), 1);
        Exposures.add(exposures, "shown", 15, user);
        Exposures.add(exposures, "shown", 21, user);
        Rejections.add(rejections, "x", 19, user);
        Rejections.add(rejections, "y", 21, user);

        RecommendationRequest probe =
                requests.probe(interaction("b", 20, 101), user, SEEN, exposures, rejections);

        assertThat(probe.items()).containsExactly("a", "same time");
        assertThat(probe.timestamps()).containsExactly(10, 20);
        assertThat(probe.exposedAt()).containsExactly(15);
        assertThat(probe.rejected()).containsExactly("x");
        assertThat(probe.rejectedAt()).containsExactly(19);
    }

    @Test
    void requestsCarryWhatTheUserWasShownInVain() {
        timeline.insert(user, interaction("a", 10, 100), 1);
        Exposures.add(exposures, "b", 12, user);

        RecommendationRequest live = requests.live(USER, user, SEEN, exposures, rejections);
        RecommendationRequest probe =
                requests.probe(interaction("b", 20, 101), user, SEEN, exposures, rejections);

        assertThat(live.exposed()).containsExactly("b");
        assertThat(live.exposedAt()).containsExactly(12);
        assertThat(probe.exposed()).containsExactly("b");
        assertThat(
                        probe.withFollowers(new FollowerCounts(new String[0], new float[0], 0))
                                .exposedAt())
                .as("on its way")
                .containsExactly(12);
    }

    @Test
    void aForgottenUserHasNoLastItem() {
        RecommendationRequest request = RecommendationRequest.forget("c1", USER, 77);

        assertThat(request.forget()).isTrue();
        assertThat(request.requestId()).isEqualTo("c1");
        assertThat(request.timestamp()).isEqualTo(77);
        assertThat(ItemSignal.asked(request))
                .singleElement()
                .extracting(ItemSignal::itemId)
                .isEqualTo("");
    }

    @Test
    void aRejectionMakesARequestOfAUserWithoutItems() {
        Rejections.add(rejections, "x", 30, user);

        RecommendationRequest request = requests.live(USER, user, SEEN, exposures, rejections);

        assertThat(request.items()).isEmpty();
        assertThat(request.timestamp()).isEqualTo(30);
        assertThat(request.rejected()).containsExactly("x");
    }
}
