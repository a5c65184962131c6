package io.freshet.demo.view;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.freshet.demo.shop.ShopRecord;
import io.freshet.demo.shop.ShopRecord.Fault;
import io.freshet.event.Attribute;
import io.freshet.event.CatalogItem;
import io.freshet.event.DeadLetter;
import io.freshet.event.Evaluation;
import io.freshet.event.Interaction;
import io.freshet.event.ModelCheckpoint;
import io.freshet.event.RecommendationList;
import io.freshet.event.RecommendedItem;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DashboardTest {

    private long now = 50_000;
    private final Dashboard dashboard = new Dashboard(() -> now);

    @Test
    void countsWhatWasSentByKind() {
        dashboard.sentHistory(action(1_000, "e-1", "u-1", "i-1", false));
        dashboard.sent(action(2_000, "e-2", "u-1", "i-1", false));
        dashboard.sent(late(3_000, 2_500, "e-3", "u-1", "i-1"));
        dashboard.sent(action(4_000, "e-3", "u-1", "i-1", true));
        dashboard.sent(new ShopRecord.Broken(5_000, Fault.NOT_JSON, Fault.NOT_JSON.value()));
        dashboard.sent(new ShopRecord.Announcement(6_000, item("i-2", "bold felt kite")));

        Figures.Stream stream = dashboard.figures().stream();
        assertThat(stream.history()).isEqualTo(1);
        assertThat(stream.sent()).isEqualTo(3);
        assertThat(stream.late()).isEqualTo(1);
        assertThat(stream.again()).isEqualTo(1);
        assertThat(stream.broken()).isEqualTo(1);
        assertThat(stream.items()).isEqualTo(1);
        assertThat(stream.shopMillis()).isEqualTo(6_000);
    }

    @Test
    void tellsWhenTheFirstListCame() {
        assertThat(dashboard.figures().lists().firstAfterMillis()).isEqualTo(-1);
        dashboard.sentHistory(action(1_000, "e-1", "u-1", "i-1", false));
        dashboard.sent(action(2_000, "e-2", "u-2", "i-1", false));
        now += 12_345;
        dashboard.received(list("u-1", 3, "i-1"));
        now += 1_000;
        dashboard.received(list("u-2", 3, "i-1"));

        Figures.Lists lists = dashboard.figures().lists();
        assertThat(lists.firstAfterMillis()).isEqualTo(12_345);
        assertThat(lists.received()).isEqualTo(2);
        assertThat(lists.users()).isEqualTo(2);
    }

    @Test
    void countsEachUserWhoGotAListOnceHoweverManyThereAre() {
        int users = 12_000;
        for (int user = 0; user < users; user++) {
            dashboard.sent(action(1_000, "e-" + user, "u-" + user, "i-1", false));
        }
        for (int user = 0; user < users - 1; user++) {
            dashboard.received(list("u-" + user, 3, "i-1"));
            dashboard.received(list("u-" + user, 4, "i-1"));
        }

        Figures.Lists lists = dashboard.figures().lists();
        assertThat(lists.users()).isEqualTo(users - 1);
        assertThat(lists.active()).isEqualTo(users);
    }

    @Test
    void isCompleteWhenAllIsCountedAndEveryUserHasAList() {
        dashboard.sentHistory(action(1_000, "e-1", "u-1", "i-1", false));
        dashboard.sent(action(2_000, "e-2", "u-2", "i-1", false));
        dashboard.sent(new ShopRecord.Broken(3_000, Fault.NOT_JSON, Fault.NOT_JSON.value()));
        dashboard.received(list("u-1", 3, "i-1"));
        dashboard.received(list("u-2", 3, "i-1"));
        dashboard.counted(new Figures.Job(1, 1, 0, 0, 1));
        assertThat(dashboard.figures().complete()).as("more may come").isFalse();
        dashboard.ended();
        assertThat(dashboard.figures().complete()).isTrue();
        assertThat(dashboard.figures().phase()).isEqualTo("the file has ended");

        dashboard.counted(new Figures.Job(1, 0, 0, 0, 1));
        assertThat(dashboard.figures().complete()).as("one is not counted").isFalse();
    }

    @Test
    void saysThatItStopsWhateverElseGoesOn() {
        dashboard.phase("starting Kafka");
        dashboard.stopping();
        dashboard.phase("starting Flink");
        assertThat(dashboard.figures().phase()).isEqualTo("stopping …");
        dashboard.stopped();
        assertThat(dashboard.figures().phase()).isEqualTo("stopped");
    }

    @Test
    void countsVerdictsAndKeepsTheLast() {
        dashboard.received(checkpoint(1, ModelCheckpoint.Verdict.PROMOTED));
        dashboard.received(checkpoint(2, ModelCheckpoint.Verdict.PROMOTED));
        dashboard.received(checkpoint(3, ModelCheckpoint.Verdict.REJECTED));

        Figures.Training training = dashboard.figures().training();
        assertThat(training.promoted()).isEqualTo(2);
        assertThat(training.count(ModelCheckpoint.Verdict.REJECTED)).isEqualTo(1);
        assertThat(training.count(ModelCheckpoint.Verdict.FAILED)).isZero();
        assertThat(training.last()).isEqualTo(checkpoint(3, ModelCheckpoint.Verdict.REJECTED));
    }

    @ParameterizedTest
    @EnumSource(ModelCheckpoint.Verdict.class)
    void knowsEveryVerdict(ModelCheckpoint.Verdict verdict) {
        dashboard.received(checkpoint(1, verdict));
        assertThat(dashboard.figures().training().verdicts())
                .containsExactly(Map.entry(verdict, 1));
    }

    @Test
    void countsTheWindowsByTheirVerdicts() {
        assertThat(dashboard.figures().training().windows()).isZero();
        dashboard.received(checkpoint(6, ModelCheckpoint.Verdict.UPDATED));
        dashboard.received(checkpoint(7, ModelCheckpoint.Verdict.REJECTED));
        assertThat(dashboard.figures().training().windows()).isEqualTo(7);
    }

    @Test
    void showsTheLiveModelBesideTheFrozenOneEachWeightedByPositions() {
        dashboard.received(evaluation(Evaluation.Subject.LIVE_MODEL, 300, 0.4f));
        dashboard.received(evaluation(Evaluation.Subject.LIVE_MODEL, 100, 0.2f));
        dashboard.received(evaluation(Evaluation.Subject.FROZEN_MODEL, 300, 0.1f));
        dashboard.received(evaluation(Evaluation.Subject.LISTS, 0, Float.NaN));

        Figures figures = dashboard.figures();
        assertThat(figures.live().hitRate()).isCloseTo(0.35f, within(1e-6f));
        assertThat(figures.live().curve()).containsExactly(0.4f, 0.2f);
        assertThat(figures.frozen().hitRate()).isEqualTo(0.1f);
        assertThat(figures.served().hitRate()).isNaN();
    }

    @Test
    void countsDeadLettersAndKeepsTheLastReason() {
        dashboard.received(letter("user_id", "user_id: found nothing"));
        assertThat(dashboard.figures().stream().lastReason()).isEqualTo("user_id: found nothing");
        dashboard.received(letter("", "broken JSON"));
        assertThat(dashboard.figures().stream().lastReason()).isEqualTo("broken JSON");
        assertThat(dashboard.figures().stream().deadLetters()).isEqualTo(2);
    }

    @Test
    void followsAUserWhoHasAListAndShowsTitles() {
        dashboard.sentHistory(new ShopRecord.Announcement(0, item("i-1", "bold felt kite")));
        dashboard.sent(action(1_000, "e-1", "u-1", "i-1", false));
        assertThat(dashboard.figures().user()).as("no list yet").isNull();
        now += 3_000;
        dashboard.received(list("u-1", 7, "i-9", "i-1"));

        Figures.User user = user();
        assertThat(user.userId()).isEqualTo("u-1");
        assertThat(user.version()).isEqualTo(7);
        assertThat(user.actions())
                .containsExactly(new Figures.UserAction("purchase", "bold felt kite", 3));
        assertThat(user.entries())
                .extracting(Figures.Entry::title)
                .containsExactly("i-9", "bold felt kite");
    }

    @Test
    void marksWhereAnEntryWasInTheListBefore() {
        dashboard.sent(action(1_000, "e-1", "u-1", "i-1", false));
        dashboard.received(list("u-1", 7, "i-1", "i-2", "i-3"));
        assertThat(user().entries()).extracting(Figures.Entry::before).containsExactly(1, 2, 3);
        dashboard.received(list("u-1", 7, "i-2", "i-4", "i-1"));
        assertThat(user().entries()).extracting(Figures.Entry::before).containsExactly(2, 0, 1);
    }

    @Test
    void showsHowManyOfARejectedBrandAreLeft() {
        for (String heron : List.of("i-1", "i-2", "i-3")) {
            dashboard.sentHistory(new ShopRecord.Announcement(0, branded(heron, "Heron")));
        }
        dashboard.sentHistory(new ShopRecord.Announcement(0, branded("i-4", "Alder")));
        dashboard.sent(action(1_000, "e-1", "u-1", "i-9", false));
        dashboard.received(list("u-1", 7, "i-1", "i-2", "i-3", "i-4"));
        assertThat(user().rejected()).isNull();

        dashboard.sent(
                new ShopRecord.Action(
                        2_000, interaction(2_000, "e-2", "u-1", "i-1", "hide"), false));
        assertThat(user().rejected()).as("no list has come since").isNull();
        dashboard.received(list("u-1", 7, "i-2", "i-3", "i-5"));
        dashboard.received(list("u-1", 7, "i-3", "i-5"));

        assertThat(user().actions().get(0).type()).isEqualTo("hide");
        assertThat(user().rejected()).isEqualTo(new Figures.RejectedBrand("Heron", 3, 1));
        dashboard.sent(action(3_000, "e-3", "u-1", "i-5", false));
        assertThat(user().rejected()).isNull();
    }

    @Test
    void followsWhoRejectsSomethingBeforeOthers() {
        for (int i = 0; i < 4; i++) {
            now += 2_000;
            dashboard.sent(action(1_000, "e-1" + i, "u-1", "i-1", false));
        }
        dashboard.sent(
                new ShopRecord.Action(
                        2_000, interaction(2_000, "e-2", "u-2", "i-1", "return"), false));
        dashboard.received(list("u-1", 7, "i-1"));
        dashboard.received(list("u-2", 7, "i-1"));

        assertThat(user().userId()).isEqualTo("u-2");
    }

    @Test
    void staysWithAUserUntilThatUserIsQuiet() {
        dashboard.sent(action(1_000, "e-1", "u-1", "i-1", false));
        dashboard.received(list("u-1", 7, "i-1"));
        assertThat(user().userId()).isEqualTo("u-1");

        now += 20_000;
        for (int i = 2; i < 6; i++) {
            dashboard.sent(action(2_000, "e-" + i, "u-2", "i-1", false));
        }
        dashboard.received(list("u-2", 7, "i-1"));
        assertThat(user().userId()).isEqualTo("u-1");
        now += 10_000;
        assertThat(user().userId()).isEqualTo("u-2");
        assertThat(user().actions()).hasSize(3);
    }

    @Test
    void prefersAUserWhoComesAgainAndAgainToOneWhoBuysALotAtOnce() {
        for (int i = 0; i < 4; i++) {
            dashboard.sent(action(1_000, "e-1" + i, "u-1", "i-1", false));
        }
        for (int i = 0; i < 4; i++) {
            now += 2_000;
            dashboard.sent(action(2_000, "e-2" + i, "u-2", "i-1", false));
        }
        dashboard.received(list("u-1", 7, "i-1"));
        dashboard.received(list("u-2", 7, "i-1"));
        assertThat(user().userId()).isEqualTo("u-2");
    }

    @Test
    void theCurrentRateIsOfTheNewestPositionsOnly() {
        for (int i = 0; i < 10; i++) {
            dashboard.received(evaluation(Evaluation.Subject.LIVE_MODEL, 1_500, 0.1f));
        }
        dashboard.received(evaluation(Evaluation.Subject.LIVE_MODEL, 1_500, 0.3f));
        dashboard.received(evaluation(Evaluation.Subject.LIVE_MODEL, 500, 0.3f));
        assertThat(dashboard.figures().live().hitRate()).isCloseTo(0.3f, within(1e-6f));
    }

    private Figures.User user() {
        Figures.@Nullable User user = dashboard.figures().user();
        assertThat(user).isNotNull();
        return java.util.Objects.requireNonNull(user);
    }

    private static ShopRecord.Action action(
            long time, String event, String user, String item, boolean again) {
        return new ShopRecord.Action(time, interaction(time, event, user, item), again);
    }

    private static ShopRecord.Action late(
            long arrival, long time, String event, String user, String item) {
        return new ShopRecord.Action(arrival, interaction(time, event, user, item), false);
    }

    private static Interaction interaction(long time, String event, String user, String item) {
        return interaction(time, event, user, item, "purchase");
    }

    private static Interaction interaction(
            long time, String event, String user, String item, String type) {
        return new Interaction(event, user, item, type, Float.NaN, time, 0, 0);
    }

    private static CatalogItem branded(String id, String brand) {
        return new CatalogItem(
                id,
                "kite",
                "",
                List.of(),
                true,
                0,
                Map.of(),
                List.of(Attribute.category("brand", brand)));
    }

    private static CatalogItem item(String id, String title) {
        return new CatalogItem(id, title, "", List.of(), true, 0, Map.of());
    }

    private static RecommendationList list(String user, long version, String... items) {
        return new RecommendationList(
                "r",
                user,
                0,
                0,
                version,
                RecommendationList.Path.PERSONAL,
                Arrays.stream(items)
                        .map(item -> new RecommendedItem(item, 1, RecommendedItem.Source.MODEL, ""))
                        .toList(),
                "",
                0,
                0,
                0);
    }

    static ModelCheckpoint checkpoint(long window, ModelCheckpoint.Verdict verdict) {
        return new ModelCheckpoint(
                window + 1,
                window,
                verdict,
                "held-out loss 5.1 after 5.2",
                "2",
                window,
                0,
                1,
                1500,
                700,
                3000,
                5.25f,
                5.2f,
                5.1f,
                1300,
                List.of(),
                3,
                null);
    }

    private static Evaluation evaluation(Evaluation.Subject subject, int positions, float hits) {
        return new Evaluation(
                subject, 1, 1, 0, positions, 5, hits, hits / 2, hits / 2, 0, Float.NaN);
    }

    private static DeadLetter letter(String field, String reason) {
        return new DeadLetter(
                "interactions", 0, 0, 0, field, reason, new byte[0], new byte[0], 0, 0, "", "");
    }
}
