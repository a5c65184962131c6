package io.freshet.serve;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HostCheckTest {

    private final HostCheck hosts = new HostCheck("127.0.0.1");

    @ParameterizedTest
    @ValueSource(
            strings = {"localhost", "localhost:8090", "LOCALHOST:1", "127.0.0.1:8090", "[::1]:80"})
    void this_machine_is_accepted_with_any_port(String host) {
        assertThat(hosts.accepts(host)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "rebound.example",
                "rebound.example:8090",
                "localhost.rebound.example:8090",
                "127.0.0.1.rebound.example",
                "localhost:8090:80",
                "x@localhost",
                "[::1",
                ""
            })
    void another_name_is_not(String host) {
        assertThat(hosts.accepts(host)).isFalse();
    }

    @Test
    void a_request_without_the_header_is_not() {
        assertThat(hosts.accepts(null)).isFalse();
    }

    @Test
    void the_address_that_is_listened_on_is_accepted() {
        assertThat(new HostCheck("127.0.0.2").accepts("127.0.0.2:8090")).isTrue();
        assertThat(new HostCheck("0:0:0:0:0:0:0:1").accepts("[0:0:0:0:0:0:0:1]:8090")).isTrue();
    }
}
