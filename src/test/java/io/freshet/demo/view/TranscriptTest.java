package io.freshet.demo.view;

import static org.assertj.core.api.Assertions.assertThat;

import io.freshet.demo.shop.ShopRecord;
import io.freshet.event.Interaction;
import io.freshet.event.ModelCheckpoint.Verdict;
import io.freshet.event.RecommendationList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TranscriptTest {

    private static final int WIDTH = 110;

    private long now;
    private final Dashboard dashboard = new Dashboard(() -> now);
    private final Transcript transcript = new Transcript(WIDTH);

    @Test
    void printsALineEachTimeAndTheWholePictureEveryHalfMinute() {
        assertThat(at(0)).hasSize(1);
        assertThat(at(25_000)).hasSize(1);
        assertThat(at(30_000)).hasSizeGreaterThan(10).startsWith("").endsWith("");
        assertThat(at(35_000)).hasSize(1);
        assertThat(at(60_000)).hasSizeGreaterThan(10);
    }

    @Test
    void showsTheWholePictureSoonerWhenAVersionWasPromoted() {
        assertThat(at(30_000)).hasSizeGreaterThan(10);
        dashboard.received(DashboardTest.checkpoint(1, Verdict.PROMOTED));
        assertThat(at(40_000)).as("not again and again").hasSize(1);
        assertThat(at(45_000)).anyMatch(line -> line.contains("version 2 is live"));
        assertThat(at(60_000)).as("no other version").hasSize(1);
        dashboard.received(DashboardTest.checkpoint(2, Verdict.REJECTED));
        assertThat(at(65_000)).as("none that is new").hasSize(1);
    }

    @Test
    void showsTheWholePictureOnceWhenEverythingIsCounted() {
        Interaction interaction =
                new Interaction("e-1", "u-1", "i-1", "purchase", Float.NaN, 1_000, 0, 0);
        dashboard.sent(new ShopRecord.Action(1_000, interaction, false));
        dashboard.received(
                new RecommendationList(
                        "r",
                        "u-1",
                        0,
                        0,
                        1,
                        RecommendationList.Path.PERSONAL,
                        List.of(),
                        "",
                        0,
                        0,
                        0));
        dashboard.ended();
        assertThat(at(1_000)).hasSize(1);
        dashboard.counted(new Figures.Job(1, 0, 0, 0, 0));
        assertThat(at(2_000))
                .anyMatch(line -> line.contains("the file has ended"))
                .anyMatch(line -> line.contains("1 of 1 records counted: 1 accepted"))
                .anyMatch(line -> line.contains("for 1 of 1 users"));
        assertThat(at(3_000)).hasSize(1);
    }

    private List<String> at(long millis) {
        now = millis;
        return transcript.next(dashboard.figures());
    }
}
