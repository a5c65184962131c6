package io.freshet.demo.view;

import static org.assertj.core.api.Assertions.assertThat;

import io.freshet.event.ModelCheckpoint.Verdict;
import io.freshet.event.RecommendedItem;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ScreenTest {

    private static final int WIDTH = 110;
    private static final Figures.User USER =
            new Figures.User(
                    "u-7",
                    12,
                    List.of(new Figures.UserAction("purchase", "vintage oak bookshelf", 4)),
                    List.of(
                            new Figures.Entry(
                                    "vintage brass reading lamp",
                                    RecommendedItem.Source.TRANSITION,
                                    "vintage oak bookshelf",
                                    3),
                            new Figures.Entry(
                                    "bold felt kite", RecommendedItem.Source.MODEL, "", 0)),
                    null);

    @Test
    void showsEveryFigure() {
        List<String> lines = Screen.full(figures(USER), WIDTH);
        assertThat(lines.get(0)).contains("0:02:03", "a shop", "http://127.0.0.1:1234");
        assertThat(lines)
                .anyMatch(line -> line.startsWith("stream    12,345 events, 200/s, after 48,000"))
                .anyMatch(line -> line.contains("shop time Thu 1 Jan 1970 00:01"))
                .anyMatch(line -> line.contains("5 late, 6 sent twice, 3 broken; 2 dead letters"))
                .anyMatch(line -> line.contains("last: user_id: found nothing"))
                .anyMatch(
                        line -> line.contains("900, 80/s, for 77 of 80 users, first after 31.4 s"))
                .anyMatch(line -> line.contains("31 windows trained, version 32 is live"))
                .anyMatch(line -> line.contains("verdicts: 9 promoted, 2 rejected, 1 rolled back"))
                .anyMatch(line -> line.contains("last at window 31: 1,500 events in 700 sequences"))
                .anyMatch(line -> line.contains("trained 1.3 s, loss 5.250, promoted: held-out"));
    }

    @Test
    void showsWhatTheJobCounted() {
        assertThat(Screen.full(figures(USER), WIDTH))
                .contains(
                        "job       60,347 of 60,348 records counted: 60,330 accepted, 8 late, 6"
                                + " duplicates, 3 refused");
    }

    @Test
    void saysBeforeTheFirstVerdictThatThereIsNone() {
        Figures before = new Dashboard(() -> 0).figures();
        assertThat(Screen.full(before, WIDTH))
                .contains("training  0 windows trained, no verdict yet");
        assertThat(Screen.line(before)).contains("0 windows, loss - | version -, 0 promoted");
    }

    @Test
    void drawsTheLiveModelAndTheFrozenOneOnOneScale() {
        List<String> lines = Screen.full(figures(USER), WIDTH);
        assertThat(lines)
                .contains(
                        "HR@10     live model    0.350  ▇█  a bar a test on what it has not been"
                                + " trained on",
                        "          same, frozen  0.100  ▃▃",
                        "          lists             -    as of just before what users chose");
    }

    @Test
    void showsTheUsersListWithReasonsAndWhatMoved() {
        assertThat(Screen.full(figures(USER), WIDTH))
                .contains(
                        "user      u-7, list of model 12",
                        "           4 s ago bought vintage oak bookshelf",
                        "        1 ↑ vintage brass reading lamp          chosen after: vintage oak"
                                + " bookshelf",
                        "        2 * bold felt kite                      the model");
    }

    @Test
    void namesWhatTheUserDidAndWhatItDidToTheList() {
        Figures.User user =
                new Figures.User(
                        "u-7",
                        12,
                        List.of(
                                new Figures.UserAction("hide", "Heron felt kite", 1),
                                new Figures.UserAction("return", "Alder mug", 2),
                                new Figures.UserAction("cart", "Ember lamp", 3),
                                new Figures.UserAction("view", "Ember rug", 4),
                                new Figures.UserAction("rating", "Ember jug", 5)),
                        List.of(),
                        new Figures.RejectedBrand("Heron", 3, 1));

        assertThat(Screen.full(figures(user), WIDTH))
                .containsSequence(
                        "           1 s ago hid Heron felt kite",
                        "           2 s ago returned Alder mug",
                        "           3 s ago put into the cart Ember lamp",
                        "           4 s ago looked at Ember rug",
                        "           5 s ago chose Ember jug",
                        "          and so of Heron: 3 on the list before, 1 now");
    }

    @Test
    void saysWhereThePageIsAndHowTheUsersListIsAskedFor() {
        assertThat(Screen.full(figures(USER), WIDTH))
                .anyMatch(line -> line.contains("  Page: http://127.0.0.1:8090  Flink: "))
                .contains("ask       curl -s http://127.0.0.1:8090/users/u-7/recommendations");
    }

    @Test
    void fitsATerminalOf24Lines() {
        Figures.User busy =
                new Figures.User(
                        "u-7",
                        12,
                        Collections.nCopies(3, USER.actions().get(0)),
                        Collections.nCopies(10, USER.entries().get(0)),
                        new Figures.RejectedBrand("Heron", 2, 0));
        assertThat(Screen.full(figures(busy), WIDTH)).hasSizeLessThan(24);
    }

    @Test
    void canDoWithoutAUser() {
        assertThat(Screen.full(figures(null), WIDTH)).contains("user      nobody to follow yet");
    }

    @Test
    void noLineIsWiderThanTheTerminal() {
        assertThat(Screen.full(figures(USER), 40)).allMatch(line -> line.length() <= 40);
    }

    @Test
    void theLineForLogsHasTheMainFigures() {
        assertThat(Screen.line(figures(USER)))
                .isEqualTo(
                        "0:02:03 a shop | 12,345 events, 200/s, 60,347 counted | 900 lists for 77"
                                + " users | 2 dead letters | 31 windows, loss 5.250 | version 32, 9"
                                + " promoted, 2 rejected, 1 rolled back | HR@10 live 0.350, frozen"
                                + " 0.100, lists -");
    }

    @Test
    void aSparklineKeepsToItsWidthAndScale() {
        List<Float> values = List.of(9f, 0f, 0.5f, 1f, 2f);
        assertThat(Sparkline.of(values, 0, 1, 4)).isEqualTo("▁▅██");
        assertThat(Sparkline.of(List.of(), 0, 0, 4)).isEmpty();
    }

    private static Figures figures(Figures.@Nullable User user) {
        return new Figures(
                123_456,
                "a shop",
                "http://127.0.0.1:1234",
                "http://127.0.0.1:8090",
                new Figures.Stream(
                        48_000,
                        12_345,
                        200,
                        5,
                        6,
                        1_000,
                        60_000,
                        3,
                        2,
                        "user_id: found nothing",
                        false),
                new Figures.Job(60_330, 8, 6, 0, 3),
                new Figures.Lists(900, 80, 77, 80, 31_400),
                new Figures.Training(
                        Map.of(Verdict.PROMOTED, 9, Verdict.REJECTED, 2, Verdict.ROLLED_BACK, 1),
                        DashboardTest.checkpoint(31, Verdict.PROMOTED)),
                new Figures.Quality(0.35f, 400, List.of(0.3f, 0.35f)),
                new Figures.Quality(0.1f, 400, List.of(0.1f, 0.1f)),
                new Figures.Quality(Float.NaN, 0, List.of()),
                user);
    }
}
