package io.freshet.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.freshet.config.Arguments;
import io.freshet.config.FreshetConfig;
import io.freshet.config.option.Problems;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Brokers that are not there. */
class KafkaPreflightTest {

    @Test
    void aPortThatNobodyListensAtIsNamed() throws Exception {
        int port = freePort();

        assertThat(check("127.0.0.1:" + port))
                .singleElement()
                .asString()
                .startsWith("kafka.bootstrap-servers: found '127.0.0.1:" + port + "', expected")
                .contains("nobody answers at port " + port + " of '127.0.0.1'");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "no-such-broker.invalid:9092|the name 'no-such-broker.invalid' has no address",
                "localhost|'localhost' is not of the form host:port",
                "localhost:99999|'localhost:99999' is not of the form host:port",
                "a.invalid:1,b.invalid:2|has no address; the name 'b.invalid' has no address",
            })
    void aServerThatIsNoneIsBlamedOnTheServers(String servers, String reason) throws Exception {
        assertThat(check(servers))
                .singleElement()
                .asString()
                .startsWith("kafka.bootstrap-servers: found '" + servers)
                .contains(reason);
    }

    /** A listener that never answers, as one that speaks another protocol. */
    @Test
    void aPortThatIsNoBrokersIsNamedWithWhatItMayBe() throws Exception {
        Properties impatient = new Properties();
        impatient.setProperty("default.api.timeout.ms", "300");
        impatient.setProperty("request.timeout.ms", "200");
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            assertThat(check("127.0.0.1:" + silent.getLocalPort(), impatient))
                    .singleElement()
                    .asString()
                    .startsWith(
                            "kafka.bootstrap-servers: found '127.0.0.1:" + silent.getLocalPort())
                    .contains("a Kafka broker behind that port that speaks the security.protocol");
        }
    }

    private static List<String> check(String servers) throws InterruptedException {
        return check(servers, new Properties());
    }

    private static List<String> check(String servers, Properties properties)
            throws InterruptedException {
        Problems problems = new Problems();
        FreshetConfig config =
                FreshetConfig.from(Arguments.parse("--kafka.bootstrap-servers", servers));
        assertThat(KafkaPreflight.check(config, properties, null, problems)).isEmpty();
        return problems.all();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
