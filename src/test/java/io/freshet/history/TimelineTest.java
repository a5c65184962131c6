package io.freshet.history;

import static io.freshet.history.TestingInteractions.USER;
import static io.freshet.history.TestingInteractions.interaction;
import static io.freshet.history.TestingInteractions.rated;
import static org.assertj.core.api.Assertions.assertThat;

import io.freshet.event.Interaction;
import io.freshet.event.TrainingSequence;
import io.freshet.runtime.attribute.PositionAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TimelineTest {

    private static final int LENGTH = 3;
    private static final long EVER = Long.MAX_VALUE;

    private final Timeline timeline = new Timeline(LENGTH, PositionAttributes.none());

    /** Of a model that takes the types of events. */
    private final Timeline typed =
            new Timeline(LENGTH, new PositionAttributes(Set.of("event-type"), Set.of(), Set.of()));

    private final HistoryState user = new HistoryState();

    @Test
    void putsInteractionsInEventTimeOrderAndEqualTimesInOrderOfArrival() {
        assertThat(timeline.insert(user, interaction("b", 20, 0), 1)).isZero();
        assertThat(timeline.insert(user, interaction("c", 30, 1), 1)).isEqualTo(1);
        assertThat(timeline.insert(user, interaction("a", 10, 2), 1)).isZero();
        assertThat(timeline.insert(user, interaction("b2", 20, 3), 1)).isEqualTo(2);

        assertThat(user.items).containsExactly("a", "b", "b2", "c");
        assertThat(user.timestamps).containsExactly(10, 20, 20, 30);
        assertThat(user.fresh).containsExactly(0, 1, 2, 3);
        assertThat(user.offsets).containsExactly(2, 0, 3, 1);
    }

    @Test
    void aSequenceHasTheContextAndAllFreshPositionsWithTheirOffsets() {
        insertInOrder("a", "b", "c", "d");
        cut(EVER);
        timeline.insert(
                user,
                new Interaction("e", USER, "e", "view", Float.NaN, 50, 7, 1_000_000_000_000L),
                1);
        insertInOrder("f", "g", "h");

        TrainingSequence sequence = cut(1000);

        assertThat(sequence.userId()).isEqualTo(USER);
        assertThat(sequence.paneEnd()).isEqualTo(1000);
        assertThat(sequence.items()).containsExactly("b", "c", "d", "e", "f", "g", "h");
        assertThat(sequence.timestamps()).containsExactly(20, 30, 40, 50, 60, 70, 80);
        assertThat(sequence.fresh()).containsExactly(3, 4, 5, 6);
        assertThat(sequence.partitions()).containsExactly(7, 0, 0, 0);
        assertThat(sequence.offsets()).containsExactly(1_000_000_000_000L, 5, 6, 7);
    }

    @Test
    void keepsOnlyTheContextWhenAPaneIsTaken() {
        insertInOrder("a", "b", "c", "d", "e");

        cut(EVER);

        assertThat(user.items).containsExactly("c", "d", "e");
        assertThat(user.timestamps).containsExactly(30, 40, 50);
        assertThat(user.fresh).isEmpty();
        assertThat(timeline.cut(user, USER, EVER)).as("nothing is fresh").isNull();
    }

    @Test
    void whatBelongsToALaterPaneStaysFreshAndIsNotShown() {
        insertInOrder("a", "b", "c", "d", "e", "f", "g");

        assertThat(cut(60).items()).containsExactly("a", "b", "c", "d", "e");

        assertThat(user.items)
                .as("context of f, and f, g")
                .containsExactly("c", "d", "e", "f", "g");
        TrainingSequence later = cut(EVER);
        assertThat(later.items()).containsExactly("c", "d", "e", "f", "g");
        assertThat(later.fresh()).containsExactly(3, 4);
        assertThat(later.offsets()).containsExactly(5, 6);
    }

    @Test
    void aLateInteractionLeavesWithWhatCameBeforeItAlone() {
        insertInOrder("a", "b", "c");
        cut(EVER);
        timeline.insert(user, interaction("late", 25, 9), 1);

        TrainingSequence sequence = cut(EVER);

        assertThat(sequence.items()).containsExactly("a", "b", "late");
        assertThat(sequence.fresh()).containsExactly(2);
        assertThat(sequence.offsets()).containsExactly(9);
        assertThat(user.items).containsExactly("b", "late", "c");
    }

    @Test
    void ratingsCostNothingUntilThereIsOneAndStayWithTheirItems() {
        insertInOrder("a", "b");
        assertThat(user.ratings).isEmpty();
        assertThat(cut(EVER).ratings()).containsExactly(Float.NaN, Float.NaN);

        timeline.insert(user, rated("c", 4.5f, 15, 2), 1);
        timeline.insert(user, interaction("d", 5, 3), 1);
        TrainingSequence sequence = cut(EVER);

        assertThat(sequence.items()).containsExactly("d", "a", "c");
        assertThat(sequence.ratings()).containsExactly(Float.NaN, Float.NaN, 4.5f);
        assertThat(user.items).containsExactly("a", "c", "b");
        assertThat(user.ratings).containsExactly(Float.NaN, 4.5f, Float.NaN);
    }

    @Test
    void weightsCostNothingWhileAllAreFullAndStayWithTheirItems() {
        insertInOrder("a", "b");
        assertThat(user.weights).isEmpty();
        assertThat(cut(EVER).weights()).isEmpty();

        timeline.insert(user, interaction("c", 15, 2), 0.5f);
        timeline.insert(user, interaction("d", 5, 3), 0);
        TrainingSequence sequence = cut(EVER);

        assertThat(sequence.items()).containsExactly("d", "a", "c");
        assertThat(sequence.weights()).containsExactly(0, 1, 0.5f);
        assertThat(sequence.weightAt(2)).isEqualTo(0.5f);
        assertThat(user.items).containsExactly("a", "c", "b");
        assertThat(user.weights).containsExactly(1, 0.5f, 1);
    }

    @Test
    void theLastChoiceOfAnItemIsTheNewestWithAWeightUpToATime() {
        insertInOrder("a", "b");
        timeline.insert(user, interaction("a", 30, 8), 1);
        timeline.insert(user, interaction("a", 40, 9), 0);
        int newest = 2;

        assertThat(Timeline.lastChoice(user, "a", 40)).isEqualTo(newest);
        assertThat(Timeline.lastChoice(user, "a", user.timestamps[newest])).isEqualTo(newest);
        assertThat(Timeline.lastChoice(user, "a", user.timestamps[newest] - 1)).isZero();
        assertThat(Timeline.lastChoice(user, "x", 40)).isEqualTo(Timeline.NONE);

        Timeline.takeBack(user, newest);
        assertThat(Timeline.lastChoice(user, "a", 40)).isZero();
    }

    @Test
    void rejectionsLeaveWithTheNextSequenceBehindWhatWasBeforeThem() {
        insertInOrder("a", "b");
        Timeline.reject(user, "x", 5);
        Timeline.reject(user, "a", 15);
        Timeline.reject(user, "b", 20);
        Timeline.reject(user, "y", 200);

        TrainingSequence sequence = cut(100);

        assertThat(sequence.rejected()).as("nothing was before x").containsExactly("a", "b");
        assertThat(sequence.rejectedAfter()).containsExactly(1, 2);
        assertThat(user.rejected).as("of a later pane").containsExactly("y");
        insertInOrder("c");
        assertThat(cut(EVER).rejected()).containsExactly("y");
        assertThat(user.rejected).isEmpty();
    }

    @Test
    void aChoiceTakesOlderRejectionsOfItsItemOutOfTheNextSequence() {
        insertInOrder("a", "b");
        Timeline.reject(user, "a", 15);
        Timeline.reject(user, "b", 25);
        Timeline.choose(user, "a", 30);
        Timeline.choose(user, "b", 20);

        assertThat(cut(100).rejected()).containsExactly("b");
    }

    @Test
    void attributesStayWithTheirPositions() {
        typed.insert(user, typed("b", "view", 20), 1);
        typed.insert(user, typed("c", "", 30), 1);
        typed.insert(user, typed("a", "buy", 10), 1);
        typed.add(user, typed("c", "buy", 31), 1);
        int viewed = user.attributes[1][0];
        int bought = user.attributes[0][0];

        assertThat(user.attributes).isDeepEqualTo(new int[][] {{bought}, {viewed}, {bought}});
        assertThat(cut(typed, 25).attributes()).isDeepEqualTo(new int[][] {{bought}, {viewed}});
        typed.insert(user, typed("d", "view", 40), 1);
        typed.insert(user, typed("e", "view", 50), 1);
        typed.insert(user, typed("f", "view", 60), 1);
        assertThat(cut(typed, 100).attributes())
                .isDeepEqualTo(
                        new int[][] {{bought}, {viewed}, {bought}, {viewed}, {viewed}, {viewed}});
        assertThat(user.attributes).isDeepEqualTo(new int[][] {{viewed}, {viewed}, {viewed}});
    }

    @Test
    void positionsOfBeforeAndAfterTheModelTookAttributesAreSideBySide() {
        timeline.insert(user, typed("a", "view", 10), 1);
        assertThat(user.attributes).as("the model takes none").isEmpty();

        typed.insert(user, typed("b", "view", 20), 1);
        timeline.insert(user, typed("c", "view", 30), 1);

        assertThat(user.attributes.length).isEqualTo(3);
        assertThat(user.attributes[1]).hasSize(1);
        assertThat(cut(typed, EVER).attributes()[1]).hasSize(1);
        assertThat(timeline.attributes(user, 0, 3)).isEmpty();
    }

    @Test
    void overflowsWhenFreshPositionsExceedTenTimesTheLength() {
        for (int i = 0; i < 10 * LENGTH; i++) {
            timeline.insert(user, interaction("i" + i, i, i), 1);
        }
        assertThat(timeline.overflows(user)).isFalse();

        timeline.insert(user, interaction("last", 1000, 1000), 1);
        assertThat(timeline.overflows(user)).isTrue();
        assertThat(cut(EVER).fresh()).hasSize(10 * LENGTH + 1);
        assertThat(timeline.overflows(user)).isFalse();
    }

    /** Whatever the order of arrival, and whenever panes are taken. */
    @Test
    void everyInteractionLeavesOnceWithTheRightContext() {
        for (long seed = 0; seed < 50; seed++) {
            checkRandomHistory(new Random(seed));
        }
    }

    private static void checkRandomHistory(Random random) {
        Timeline timeline = new Timeline(LENGTH, PositionAttributes.none());
        HistoryState user = new HistoryState();
        List<Interaction> all = new ArrayList<>();
        List<Long> left = new ArrayList<>();
        for (int offset = 0; offset < 60; offset++) {
            long time = offset + random.nextInt(8);
            Interaction interaction = rated("i" + offset, offset, time, offset);
            timeline.insert(user, interaction, 1);
            all.add(interaction);
            if (random.nextInt(6) == 0 || offset == 59) {
                long paneEnd = offset == 59 ? EVER : offset - 2;
                TrainingSequence sequence = timeline.cut(user, USER, paneEnd);
                if (sequence != null) {
                    checkContext(sequence, all);
                    for (long taken : sequence.offsets()) {
                        left.add(taken);
                    }
                }
            }
            assertThat(user.items.length)
                    .isLessThanOrEqualTo(2 * LENGTH + user.fresh.length)
                    .isEqualTo(user.ratings.length);
        }
        assertThat(left).doesNotHaveDuplicates().hasSize(60);
    }

    /** Fresh positions have their own offsets, and items are in event-time order. */
    private static void checkContext(TrainingSequence sequence, List<Interaction> all) {
        List<String> ordered =
                all.stream()
                        .sorted(Comparator.comparingLong(Interaction::timestamp))
                        .map(Interaction::itemId)
                        .toList();
        String[] items = sequence.items();
        for (int i = 0; i < sequence.fresh().length; i++) {
            int position = sequence.fresh()[i];
            assertThat(items[position]).isEqualTo("i" + sequence.offsets()[i]);
            assertThat(sequence.ratings()[position]).isEqualTo((float) sequence.offsets()[i]);
        }
        assertThat(sequence.fresh()[sequence.fresh().length - 1]).isEqualTo(items.length - 1);
        assertThat(ordered).containsSubsequence(items);
    }

    private void insertInOrder(String... items) {
        for (String item : items) {
            int index = item.charAt(0) - 'a';
            timeline.insert(user, interaction(item, 10L * (index + 1), index), 1);
        }
    }

    private static Interaction typed(String item, String type, long timestamp) {
        return new Interaction(
                "event-" + timestamp, USER, item, type, Float.NaN, timestamp, 0, timestamp);
    }

    private TrainingSequence cut(long paneEnd) {
        return cut(timeline, paneEnd);
    }

    private TrainingSequence cut(Timeline from, long paneEnd) {
        return Objects.requireNonNull(from.cut(user, USER, paneEnd));
    }
}
