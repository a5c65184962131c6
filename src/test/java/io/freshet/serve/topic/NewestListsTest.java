package io.freshet.serve.topic;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class NewestListsTest {

    private final NewestLists lists = new NewestLists(2);

    @Test
    void a_list_replaces_the_one_before() {
        put("u-1", "old");
        put("u-1", "new");

        assertThat(lists.of("u-1")).map(String::new).contains("new");
        assertThat(lists.users()).isOne();
    }

    @Test
    void who_was_asked_for_last_stays_when_there_are_too_many() {
        put("u-1", "one");
        put("u-2", "two");
        assertThat(lists.of("u-1")).isPresent();
        put("u-3", "three");

        assertThat(lists.of("u-2")).isEmpty();
        assertThat(lists.of("u-1")).isPresent();
        assertThat(lists.of("u-3")).isPresent();
    }

    @Test
    void nothing_is_left_of_a_user_who_was_forgotten() {
        put("u-1", "one");
        lists.remove("u-1");

        assertThat(lists.of("u-1")).isEmpty();
        assertThat(lists.users()).isZero();
    }

    @Test
    void none_are_kept_if_none_may_be() {
        NewestLists none = new NewestLists(0);
        none.put("u-1", new byte[1]);

        assertThat(none.of("u-1")).isEmpty();
    }

    private void put(String user, String list) {
        lists.put(user, list.getBytes(UTF_8));
    }
}
