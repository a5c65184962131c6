package io.freshet.serve.page;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.freshet.event.TestingSchemas;
import org.junit.jupiter.api.Test;

class RecentListsTest {

    private static final long START = 1_790_000_000_000L;

    private long now = START;
    private final RecentLists lists = new RecentLists(() -> now);

    @Test
    void of_many_lists_some_are_looked_into_and_all_are_counted() {
        int looked = 0;
        for (int second = 0; second < 10; second++) {
            for (int list = 0; list < 5_000; list++) {
                looked += arrives("u-" + list, now) ? 1 : 0;
            }
            arrives("", now);
            now += 1_000;
        }

        assertThat(looked).isEqualTo(10 * RecentLists.MOST_SEEN);
        assertThat(figures().path("lists_per_second").asDouble()).isEqualTo(5_000);
        assertThat(figures().path("answers_per_second").asDouble()).isEqualTo(1);
        assertThat(lists.kept()).isEqualTo(1_000);
    }

    @Test
    void lists_of_before_the_gateway_are_no_rate_but_name_users() {
        for (int list = 0; list < 5_000; list++) {
            arrives("u-" + list, START - 3_600_000);
        }
        now += 5_000;

        assertThat(figures().path("lists_per_second").asDouble()).isZero();
        assertThat(figures().has("freshness_p50_ms")).isFalse();
        assertThat(figures().path("users").toString()).endsWith("\"u-4998\",\"u-4999\"]");
        arrives("u-1", now);
        now += 1_000;
        assertThat(figures().path("lists_per_second").asDouble()).isPositive();
    }

    @Test
    void what_is_older_than_a_minute_is_not_fresh() {
        arrives("u-1", now);
        assertThat(figures().path("freshness_p50_ms").asLong()).isEqualTo(250);

        now += 61_000;

        assertThat(figures().has("freshness_p50_ms")).isFalse();
    }

    /** A list that took 250 ms, and whether it is looked into. */
    private boolean arrives(String user, long servedAt) {
        if (!lists.wants()) {
            lists.count(user);
            return false;
        }
        lists.see(user, list(servedAt));
        return true;
    }

    private static JsonNode list(long servedAt) {
        String list = "{\"arrived_at_ms\":%d,\"served_at_ms\":%d}";
        return TestingSchemas.json(list.formatted(servedAt - 250, servedAt).getBytes(UTF_8));
    }

    private ObjectNode figures() {
        ObjectNode figures = JsonNodeFactory.instance.objectNode();
        lists.writeTo(figures);
        return figures;
    }
}
