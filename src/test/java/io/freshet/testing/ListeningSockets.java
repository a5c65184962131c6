package io.freshet.testing;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** What this process listens on, according to Linux. */
public final class ListeningSockets {

    private static final String LISTENING = "0A";
    private static final int LOCAL_ADDRESS = 1;
    private static final int STATE = 3;
    private static final int INODE = 9;

    private ListeningSockets() {}

    /** Addresses, with their ports, that take TCP connections from other machines. */
    public static Set<String> beyondLoopback() throws IOException {
        Set<String> open = new TreeSet<>();
        for (String table : List.of("/proc/self/net/tcp", "/proc/self/net/tcp6")) {
            Set<String> own = inodes();
            List<String> lines = Files.readAllLines(Path.of(table));
            for (String line : lines.subList(1, lines.size())) {
                String[] columns = line.trim().split("\\s+");
                if (columns[STATE].equals(LISTENING) && own.contains(columns[INODE])) {
                    String[] local = columns[LOCAL_ADDRESS].split(":");
                    InetAddress address = address(local[0]);
                    if (!address.isLoopbackAddress()) {
                        open.add(address.getHostAddress() + ":" + Integer.parseInt(local[1], 16));
                    }
                }
            }
        }
        return open;
    }

    /** The kernel writes addresses as words of four bytes in the machine's order. */
    private static InetAddress address(String words) throws IOException {
        byte[] bytes = HexFormat.of().parseHex(words);
        byte[] ordered = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            ordered[i] = bytes[i / 4 * 4 + 3 - i % 4];
        }
        return InetAddress.getByAddress(ordered);
    }

    private static Set<String> inodes() throws IOException {
        Set<String> inodes = new TreeSet<>();
        try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
            for (Path descriptor : descriptors.toList()) {
                String target = target(descriptor);
                if (target.startsWith("socket:[")) {
                    inodes.add(target.substring("socket:[".length(), target.length() - 1));
                }
            }
        }
        return inodes;
    }

    private static String target(Path descriptor) throws IOException {
        try {
            return Files.readSymbolicLink(descriptor).toString();
        } catch (NoSuchFileException e) {
            return ""; // closed since it was listed
        }
    }
}
