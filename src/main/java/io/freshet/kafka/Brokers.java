package io.freshet.kafka;

import io.freshet.config.KafkaConfig;
import io.freshet.config.option.Problems;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.utils.Utils;

/** The brokers of {@code kafka.bootstrap-servers}, asked with a bound on the time. */
final class Brokers {

    private static final int LAST_PORT = 65_535;
    private static final int CONNECT_MILLIS = 2_000;
    private static final String ANSWER_MILLIS = "8000";

    private Brokers() {}

    /**
     * Whether one of the servers can be connected to, by name and port; if none can, that is added
     * to {@code problems}. A client would only say, after half a minute, that it had no answer.
     */
    static boolean reachable(KafkaConfig kafka, Problems problems) {
        List<String> refusals = new ArrayList<>();
        for (String server : kafka.bootstrapServers().split(",", -1)) {
            String refusal = refusal(server.strip());
            if (refusal.isEmpty()) {
                return true;
            }
            refusals.add(refusal);
        }
        problems.add(
                KafkaConfig.BOOTSTRAP_SERVERS.key(),
                kafka.bootstrapServers(),
                "host:port of a broker that listens, but: " + String.join("; ", refusals));
        return false;
    }

    private static String refusal(String server) {
        String host = Utils.getHost(server);
        Integer port = Utils.getPort(server);
        if (host == null || port == null || port > LAST_PORT) {
            return "'%s' is not of the form host:port".formatted(server);
        }
        InetSocketAddress address = new InetSocketAddress(host, port);
        if (address.isUnresolved()) {
            return "the name '%s' has no address".formatted(host);
        }
        try (Socket socket = new Socket()) {
            socket.connect(address, CONNECT_MILLIS);
            return "";
        } catch (IOException e) {
            return "nobody answers at port %d of '%s' (%s)".formatted(port, host, e.getMessage());
        }
    }

    /**
     * A client of the configured brokers, which gives up soon.
     *
     * @param properties client properties, those of sources and sinks
     */
    static Admin client(KafkaConfig kafka, Properties properties) {
        Properties client = new Properties();
        client.putAll(properties);
        client.setProperty(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, kafka.bootstrapServers());
        client.setProperty(AdminClientConfig.CLIENT_ID_CONFIG, kafka.groupId() + "-preflight");
        client.putIfAbsent(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, ANSWER_MILLIS);
        client.putIfAbsent(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, ANSWER_MILLIS);
        return Admin.create(client);
    }

    /** The result of a request; throws Kafka's own exception if it failed. */
    static <T> T result(KafkaFuture<T> answer) throws InterruptedException {
        try {
            return answer.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof KafkaException refused) {
                throw refused;
            }
            throw new KafkaException("A request to the brokers failed", e.getCause());
        }
    }
}
