package io.freshet.cli.machine;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Refuses a machine on which a command would fail after a minute's work.
 *
 * @param heap most bytes of Java's heap
 * @param temporary where temporary files are
 * @param space free bytes there
 * @param unknownHost why this machine's name has no address, or null
 */
public record MachinePreflight(
        long heap, Path temporary, long space, @Nullable String unknownHost) {

    private static final long LEAST_HEAP = 192L << 20;
    private static final long LEAST_SPACE = 256L << 20;

    /** Looks at the machine. */
    public static MachinePreflight find() throws IOException {
        Path temporary = Path.of(System.getProperty("java.io.tmpdir"));
        return new MachinePreflight(
                Runtime.getRuntime().maxMemory(),
                temporary,
                Files.getFileStore(temporary).getUsableSpace(),
                lookUpHost());
    }

    /**
     * Checks what every command needs.
     *
     * @throws IllegalStateException with a line for each problem, which says what to do
     */
    public void check() {
        throwIfAny(common());
    }

    /**
     * Checks what a command with a Flink cluster inside this process needs, which listens on
     * loopback alone but looks its own machine up.
     *
     * @throws IllegalStateException with a line for each problem, which says what to do
     */
    public void checkForCluster() {
        List<String> problems = common();
        if (unknownHost != null) {
            problems.add(
                    "host name: found no address (%s), expected one, because Flink looks it up; add a line '127.0.0.1 NAME' to /etc/hosts"
                            .formatted(unknownHost));
        }
        throwIfAny(problems);
    }

    /**
     * Checks that nobody listens at a port of loopback; 0 is any free one.
     *
     * @throws IllegalStateException if somebody does
     */
    public static void requireFree(String option, int port) {
        try {
            bind(port);
        } catch (IOException e) {
            throw new IllegalStateException(
                    "%s: found port %d of 127.0.0.1 taken (%s), expected a free one; choose another, or 0 for any"
                            .formatted(option, port, e.getMessage()),
                    null);
        }
    }

    /** Whether nobody listens on a port of this machine. */
    public static boolean isFree(int port) {
        try {
            bind(port);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static void bind(int port) throws IOException {
        InetAddress loopback = InetAddress.getByName("127.0.0.1");
        try (ServerSocket socket = new ServerSocket(port, 1, loopback)) {
            socket.getLocalPort(); // bound, and let go
        }
    }

    private List<String> common() {
        List<String> problems = new ArrayList<>();
        if (heap < LEAST_HEAP) {
            problems.add(
                    "heap: found %s, expected at least %s; start it with java -Xmx1g -jar"
                            .formatted(megabytes(heap), megabytes(LEAST_HEAP)));
        }
        if (space < LEAST_SPACE) {
            problems.add(
                    "%s: found %s free, expected at least %s for temporary files; free some, or name another place with java -Djava.io.tmpdir=DIR -jar"
                            .formatted(temporary, megabytes(space), megabytes(LEAST_SPACE)));
        }
        return problems;
    }

    private static void throwIfAny(List<String> problems) {
        if (!problems.isEmpty()) {
            throw new IllegalStateException(String.join("\n", problems));
        }
    }

    private static @Nullable String lookUpHost() {
        try {
            InetAddress.getLocalHost();
            return null;
        } catch (UnknownHostException e) {
            return e.getMessage();
        }
    }

    private static String megabytes(long bytes) {
        return (bytes >> 20) + " MB";
    }
}
