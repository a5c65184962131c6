package io.freshet.serve;

import io.freshet.serve.topic.Isolation;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the gateway does with requests.
 *
 * @param host name or address to listen on; another than loopback needs a token
 * @param port to listen on, 0 for one that is free
 * @param token that clients must send; null for none
 * @param timeout longest time to wait for an answer of the job
 * @param maxWaiting most requests that wait at the same time
 * @param newestLists most users whose newest list is kept; 0 for none
 * @param isolation when an answer counts
 * @param acting event types that the live page offers to send as a user; empty for none
 */
public record GatewaySettings(
        String host,
        int port,
        @Nullable BearerToken token,
        Duration timeout,
        int maxWaiting,
        int newestLists,
        Isolation isolation,
        List<String> acting) {

    public static final String LOOPBACK = "127.0.0.1";
    public static final int PORT = 8090;
    public static final int TIMEOUT_SECONDS = 2;
    public static final int MAX_WAITING = 10_000;
    public static final int NEWEST_LISTS = 100_000;

    private static final int LAST_PORT = 65_535;
    private static final int MOST_WAITING = 1_000_000;
    private static final int MOST_LISTS = 10_000_000;
    private static final Duration SHORTEST = Duration.ofMillis(10);
    private static final Duration LONGEST = Duration.ofMinutes(10);

    /**
     * @throws IllegalArgumentException naming the option of {@code freshet serve}, what was found,
     *     and what was expected
     */
    public GatewaySettings {
        acting = List.copyOf(acting);
        requireRange("--port", port, 0, LAST_PORT);
        requireRange("--max-waiting", maxWaiting, 1, MOST_WAITING);
        requireRange("--newest-lists", newestLists, 0, MOST_LISTS);
        if (timeout.compareTo(SHORTEST) < 0 || timeout.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(
                    "--timeout: found %d ms, expected %d ms to %d min"
                            .formatted(
                                    timeout.toMillis(), SHORTEST.toMillis(), LONGEST.toMinutes()));
        }
        if (token == null && !isLoopback(host)) {
            throw new IllegalArgumentException(
                    "--host: found %s, which other machines reach, and no --token-file; expected a file with the token that clients must send, or a loopback address such as %s"
                            .formatted(host, LOOPBACK));
        }
    }

    /** Settings with which the live page sends nothing as a user. */
    public GatewaySettings(
            String host,
            int port,
            @Nullable BearerToken token,
            Duration timeout,
            int maxWaiting,
            int newestLists,
            Isolation isolation) {
        this(host, port, token, timeout, maxWaiting, newestLists, isolation, List.of());
    }

    /** The same, but for the event types that the live page offers to send as a user. */
    public GatewaySettings withActing(List<String> types) {
        return new GatewaySettings(
                host, port, token, timeout, maxWaiting, newestLists, isolation, types);
    }

    /** Defaults, without a token, on loopback. */
    public static GatewaySettings onLoopback(int port) {
        return new GatewaySettings(
                LOOPBACK,
                port,
                null,
                Duration.ofSeconds(TIMEOUT_SECONDS),
                MAX_WAITING,
                NEWEST_LISTS,
                Isolation.READ_UNCOMMITTED);
    }

    private static void requireRange(String option, int found, int least, int most) {
        if (found < least || found > most) {
            throw new IllegalArgumentException(
                    "%s: found %d, expected %d to %d".formatted(option, found, least, most));
        }
    }

    private static boolean isLoopback(String host) {
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(
                    "--host: found '%s', which has no address, expected a name or an address of this machine"
                            .formatted(host));
        }
    }
}
