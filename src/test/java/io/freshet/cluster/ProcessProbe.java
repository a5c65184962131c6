package io.freshet.cluster;

import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.AttachOperationFailedException;
import com.sun.tools.attach.VirtualMachine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.lang.management.MemoryPoolMXBean;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import javax.management.MBeanServerConnection;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;

/**
 * Reads what a process of Java on Linux holds, from outside: by the JVM's own management interface,
 * which it is started with, and by {@code /proc}. Each reading begins with a full collection,
 * because what only waits for one is not leaked, natives of unreachable objects included.
 */
final class ProcessProbe implements AutoCloseable {

    private static final double MIB = 1 << 20;
    private static final double KIB_OF_MIB = 1 << 10;

    private final Path proc;
    private final Path state;
    private final JMXConnector connector;
    private final MemoryMXBean memory;
    private final MemoryPoolMXBean metaspace;

    /**
     * @param state directory that RocksDB works below; need not exist
     */
    @SuppressWarnings("BanJNDI") // the other end is a process of this test's own
    ProcessProbe(long pid, Path state) throws IOException {
        this.proc = Path.of("/proc", String.valueOf(pid));
        this.state = state;
        this.connector = JMXConnectorFactory.connect(new JMXServiceURL(managementUrl(pid)));
        MBeanServerConnection server = connector.getMBeanServerConnection();
        this.memory =
                ManagementFactory.newPlatformMXBeanProxy(
                        server, ManagementFactory.MEMORY_MXBEAN_NAME, MemoryMXBean.class);
        this.metaspace =
                ManagementFactory.newPlatformMXBeanProxy(
                        server,
                        ManagementFactory.MEMORY_POOL_MXBEAN_DOMAIN_TYPE + ",name=Metaspace",
                        MemoryPoolMXBean.class);
    }

    /** What it holds now, in the units of {@link Resource}. */
    Map<Resource, Double> read() throws IOException {
        memory.gc();
        Map<Resource, Double> held = new EnumMap<>(Resource.class);
        held.put(Resource.HEAP, memory.getHeapMemoryUsage().getUsed() / MIB);
        held.put(Resource.METASPACE, metaspace.getUsage().getUsed() / MIB);
        held.put(Resource.RSS, residentKib() / KIB_OF_MIB);
        held.put(Resource.HANDLES, (double) entries("fd"));
        held.put(Resource.THREADS, (double) entries("task"));
        held.put(Resource.STATE, tableBytes() / MIB);
        return held;
    }

    @Override
    public void close() throws IOException {
        connector.close();
    }

    private static String managementUrl(long pid) {
        return Await.value(
                "the management agent of process " + pid,
                () -> startedAgent(pid),
                () -> "a process that is not ready for one");
    }

    private static Optional<String> startedAgent(long pid) throws IOException {
        try {
            VirtualMachine machine = VirtualMachine.attach(String.valueOf(pid));
            try {
                return Optional.of(machine.startLocalManagementAgent());
            } catch (AttachOperationFailedException e) {
                return Optional.empty(); // a JVM that has just begun
            } finally {
                machine.detach();
            }
        } catch (AttachNotSupportedException e) {
            if (ProcessHandle.of(pid).isEmpty()) {
                throw new IOException("Process " + pid + " has ended", e);
            }
            return Optional.empty(); // may miss the request while it begins
        }
    }

    private double residentKib() throws IOException {
        try (Stream<String> lines = Files.lines(proc.resolve("status"))) {
            return lines.filter(line -> line.startsWith("VmRSS:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                    .findFirst()
                    .orElseThrow(() -> new IOException(proc + " has ended"));
        }
    }

    private long entries(String directory) throws IOException {
        try (Stream<Path> found = Files.list(proc.resolve(directory))) {
            return found.count();
        }
    }

    /** RocksDB deletes tables meanwhile; those count no more. */
    private double tableBytes() {
        AtomicLong bytes = new AtomicLong();
        try {
            Files.walkFileTree(
                    state,
                    new SimpleFileVisitor<>() {
                        @Override
                        public FileVisitResult visitFile(Path file, BasicFileAttributes found) {
                            if (file.toString().endsWith(".sst")) {
                                bytes.addAndGet(found.size());
                            }
                            return FileVisitResult.CONTINUE;
                        }

                        @Override
                        public FileVisitResult visitFileFailed(Path file, IOException gone) {
                            return FileVisitResult.CONTINUE;
                        }

                        @Override
                        public FileVisitResult postVisitDirectory(Path found, IOException gone) {
                            return FileVisitResult.CONTINUE;
                        }
                    });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.get();
    }
}
