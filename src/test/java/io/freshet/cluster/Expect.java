package io.freshet.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.freshet.cluster.ClusterRun.Outcome;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.LongStream;

/** What must hold in the end, whatever was killed meanwhile. */
final class Expect {

    private final ShopStream stream;
    private final Outcome outcome;

    /**
     * @param stream what was sent
     */
    Expect(ShopStream stream, Outcome outcome) {
        this.stream = stream;
        this.outcome = outcome;
    }

    /** All of it. */
    void nothingLostAndNothingTwice() throws Exception {
        everyInteractionIsInItsUsersStateOnce();
        everyInteractionIsTrainedOnce();
        versionsAscendWithoutHolesOrTwins();
        everyWindowIsTestedOnceBeforeItIsTrained();
        everyInteractionIsAnsweredByOneList();
        everyBrokenRecordIsOneDeadLetter();
    }

    /** Items and times in their order: one lost, doubled or moved makes a difference. */
    void everyInteractionIsInItsUsersStateOnce() throws Exception {
        Map<String, List<String>> found = new TreeMap<>(outcome.state().histories());
        found.keySet().removeIf(ShopStream::isCloser);
        Map<String, List<String>> sent = stream.histories();

        assertThat(found).hasSameSizeAs(sent);
        sent.forEach(
                (user, history) -> assertThat(found.get(user)).as(user).isEqualTo(newest(history)));
    }

    private static List<String> newest(List<String> history) {
        int length = history.size();
        return history.subList(Math.max(0, length - JobArguments.HISTORY_LENGTH), length);
    }

    /** Nothing is held out. What was trained since the last version is announced with the next. */
    void everyInteractionIsTrainedOnce() {
        List<JsonNode> verdicts = outcome.verdicts();
        int all = stream.interactions() + ShopStream.CLOSERS;

        assertThat(verdicts.stream().mapToInt(found -> found.path("interactions").asInt()).sum())
                .isEqualTo(all);
        JsonNode last = verdicts.get(verdicts.size() - 1);
        if (verdict(last).equals("promoted")) {
            int trained = 0;
            for (JsonNode range : last.path("trained_offsets")) {
                trained += range.path("count").asInt();
            }
            assertThat(trained).isEqualTo(all);
        }
    }

    void versionsAscendWithoutHolesOrTwins() {
        List<JsonNode> verdicts = outcome.verdicts();
        List<JsonNode> promoted =
                verdicts.stream().filter(found -> verdict(found).equals("promoted")).toList();

        assertThat(verdicts).extracting(Expect::verdict).isSubsetOf("promoted", "updated");
        assertThat(verdicts)
                .extracting(found -> found.path("window").asLong())
                .isEqualTo(LongStream.rangeClosed(1, verdicts.size()).boxed().toList());
        assertThat(promoted)
                .extracting(found -> found.path("version").asLong())
                .isEqualTo(LongStream.rangeClosed(1, promoted.size()).boxed().toList());
    }

    private static String verdict(JsonNode verdict) {
        return verdict.path("verdict").asText();
    }

    /** There is nothing to test before the first version. */
    void everyWindowIsTestedOnceBeforeItIsTrained() {
        int windows = outcome.verdicts().size();

        assertThat(outcome.evaluations())
                .filteredOn(found -> found.path("subject").asText().equals("live-model"))
                .extracting(found -> found.path("window").asLong())
                .isEqualTo(LongStream.rangeClosed(2, windows).boxed().toList());
    }

    /** Without a debounce every interaction asks for a list; one that comes again asks for none. */
    void everyInteractionIsAnsweredByOneList() {
        assertThat(outcome.lists())
                .extracting(found -> found.path("request_id").asText())
                .doesNotHaveDuplicates()
                .hasSize(stream.interactions() + 2 * ShopStream.CLOSERS);
    }

    void everyBrokenRecordIsOneDeadLetter() {
        assertThat(outcome.deadLetters())
                .extracting(found -> found.path("partition") + ":" + found.path("offset"))
                .doesNotHaveDuplicates()
                .hasSize(stream.broken());
    }
}
