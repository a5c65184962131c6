package io.freshet.response;

import static io.freshet.response.TestingResponses.ATTRIBUTES;
import static io.freshet.response.TestingResponses.WAIT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.freshet.config.AttributesConfig;
import io.freshet.event.Attribute;
import io.freshet.event.PredictedResponse;
import io.freshet.event.Profile;
import io.freshet.runtime.ClassificationMetrics;
import java.util.List;
import java.util.Random;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ResponseOperatorTest {

    private static final int CACHED = 1000;
    private static final long SECOND = 1000;

    @ParameterizedTest
    @CsvSource({
        "10, a, true",
        "60, a, true",
        "60.001, a, false",
        "-0.001, a, false",
        "10, b, false"
    })
    void aResponseCountsForItsItemWithinTheWait(double seconds, String item, boolean counts)
            throws Exception {
        try (TestingResponses job = TestingResponses.start(CACHED)) {
            job.show("u", "a", 100 * SECOND, 0, "phone");
            job.respond("u", item, 100 * SECOND + Math.round(seconds * SECOND));
            job.watermark(100 * SECOND + WAIT);
            assertThat(job.responses()).as("before the wait is over").isEmpty();

            job.watermark(100 * SECOND + WAIT + 1);

            assertThat(job.responses())
                    .containsExactly(
                            new PredictedResponse("u", "a", 100 * SECOND, 0, 0, 0.5f, counts, -1));
        }
    }

    @Test
    void anExposureIsPredictedFromThoseWhoseWaitWasOverBeforeIt() throws Exception {
        try (TestingResponses job = TestingResponses.start(CACHED)) {
            job.show("u", "a", 0, 0, "phone");
            job.respond("u", "a", 1);
            job.show("v", "a", WAIT, 7, "phone");
            job.show("w", "a", WAIT + 1, 8, "phone");
            job.show("w", "a", WAIT + 2, 9, "phone");
            job.watermark(Long.MAX_VALUE);

            assertThat(job.responses())
                    .extracting(PredictedResponse::learnedThrough)
                    .as("of one moment, what is predicted comes first")
                    .containsExactly(-1L, -1L, -1L, 0L);
            List<PredictedResponse> all = job.responses();
            assertThat(all.get(2).probability()).isEqualTo(0.5f);
            assertThat(all.get(3).probability()).isGreaterThan(0.5f);
        }
    }

    @Test
    void whatWasShownOnceIsLearnedOnce() throws Exception {
        try (TestingResponses job = TestingResponses.start(CACHED)) {
            job.show("u", "a", 0, 0, "phone");
            job.show("u", "a", 0, 1, "phone");
            job.watermark(Long.MAX_VALUE);

            assertThat(job.responses()).hasSize(1);
        }
    }

    /** Responses depend on the device, the user's country, the item's price and the item itself. */
    @ParameterizedTest
    @ValueSource(ints = {0, CACHED})
    void learnsWhatResponsesDependOn(int cached) throws Exception {
        try (TestingResponses job = TestingResponses.start(cached)) {
            ClassificationMetrics before = new ClassificationMetrics();
            ClassificationMetrics best = new ClassificationMetrics();
            simulate(job, 0, 6000, best);

            List<PredictedResponse> later = job.responses().subList(3000, 6000);
            later.forEach(each -> before.add(each.userId(), each.probability(), each.responded()));
            assertThat(before.auc()).isGreaterThan(best.auc() - 0.03).isGreaterThan(0.7);
            assertThat(before.calibration()).isCloseTo(1, within(0.1));
        }
    }

    @Test
    void goesOnAfterARestoreAsWithoutIt() throws Exception {
        ClassificationMetrics ignored = new ClassificationMetrics();
        try (TestingResponses whole = TestingResponses.start(CACHED);
                TestingResponses first = TestingResponses.start(CACHED)) {
            simulate(whole, 0, 400, ignored);
            simulate(first, 0, 200, ignored);
            OperatorSubtaskState state = first.snapshot();
            try (TestingResponses second = TestingResponses.restore(ATTRIBUTES, CACHED, state)) {
                simulate(second, 200, 400, ignored);

                List<PredictedResponse> all = whole.responses();
                int known = first.responses().size();
                assertThat(second.responses()).isEqualTo(all.subList(known, all.size()));
            }
        }
    }

    @Test
    void goesOnWithOtherAttributes() throws Exception {
        OperatorSubtaskState state;
        try (TestingResponses job = TestingResponses.start(CACHED)) {
            simulate(job, 0, 200, new ClassificationMetrics());
            state = job.snapshot();
        }
        AttributesConfig none = AttributesConfig.none();
        try (TestingResponses job = TestingResponses.restore(none, CACHED, state)) {
            simulate(job, 200, 400, new ClassificationMetrics());
            job.watermark(Long.MAX_VALUE);

            assertThat(job.responses()).as("those that waited, too").hasSizeGreaterThan(200);
            assertThat(job.responses())
                    .extracting(PredictedResponse::probability)
                    .allMatch(probability -> probability > 0 && probability < 1);
        }
    }

    @Test
    void nothingIsLeftOfAForgottenUser() throws Exception {
        try (TestingResponses job = TestingResponses.start(CACHED)) {
            job.know(Profile.Subject.USER, "u", Attribute.category("country", "FR"));
            job.show("u", "a", 0, 0, "phone");
            job.watermark(WAIT + 1);
            job.show("u", "a", WAIT + 2, 1, "phone");
            assertThat(job.keys("rate")).contains("user:u");

            job.forget("u", WAIT + 3);
            assertThat(job.removed()).as("an exposure, an attribute, a rate").containsExactly(3L);
            job.watermark(Long.MAX_VALUE);

            for (String state : List.of("rate", "profile", "exposures")) {
                assertThat(job.keys(state)).as(state).doesNotContain("user:u");
            }
            assertThat(job.responses()).as("what waited is gone").hasSize(1);
        }
    }

    @Test
    void aMillionDevicesCostOneRateEachAndABotsExposuresAreBounded() throws Exception {
        try (TestingResponses job = TestingResponses.start(CACHED)) {
            for (int offset = 0; offset < 1500; offset++) {
                job.show("bot", "item-" + offset, offset, offset, "device-" + offset);
            }
            job.watermark(Long.MAX_VALUE);

            assertThat(job.responses()).hasSize(1000);
            assertThat(job.keys("rate"))
                    .filteredOn(key -> key.startsWith("context.device="))
                    .hasSize(1000);
            assertThat(job.keys("exposures")).containsExactly("user:bot");
        }
    }

    /** Exposures at one a second, with the outcome that a known law gives. */
    private static void simulate(TestingResponses job, int from, int to, ClassificationMetrics best)
            throws Exception {
        if (from == 0) {
            for (int item = 0; item < 20; item++) {
                job.know(
                        Profile.Subject.ITEM,
                        "i" + item,
                        Attribute.number("price", item % 2 == 0 ? 5 : 500));
            }
            for (int user = 0; user < 300; user++) {
                job.know(
                        Profile.Subject.USER,
                        "u" + user,
                        Attribute.category("country", user % 3 == 0 ? "FR" : "DE"));
            }
        }
        for (int offset = from; offset < to; offset++) {
            Random random = new Random(offset);
            int user = random.nextInt(300);
            int item = random.nextInt(20);
            boolean phone = random.nextBoolean();
            double odds =
                    (phone ? -1 : 1)
                            + (item % 2 == 0 ? 1 : -1)
                            + (user % 3 == 0 ? 1 : -0.5)
                            + (item < 3 ? 1 : 0);
            double probability = 1 / (1 + Math.exp(-odds));
            long time = offset * SECOND;
            job.watermark(time - 1);
            job.show("u" + user, "i" + item, time, offset, phone ? "phone" : "desk");
            boolean responds = random.nextDouble() < probability;
            best.add("", probability, responds);
            if (responds) {
                job.respond("u" + user, "i" + item, time + 1);
            }
        }
        if (to > 1000) {
            job.watermark(Long.MAX_VALUE);
        }
    }
}
