package io.freshet.cluster;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * A process of Java, with its output in a file. It doesn't outlive this one: it is killed when this
 * ends in order, and ends by itself when this was killed.
 */
public final class ChildJvm implements AutoCloseable {

    static final String JAVA = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    private static final int TAIL_LINES = 60;
    private static final long PATIENCE_SECONDS = 300;
    private static final List<ChildJvm> ALL = new CopyOnWriteArrayList<>();

    static {
        Runtime.getRuntime()
                .addShutdownHook(new Thread(() -> ALL.forEach(ChildJvm::kill), "kill-children"));
    }

    private final String name;
    private final Path log;
    private final Process process;
    private volatile boolean killed;

    private ChildJvm(String name, Path log, Process process) {
        this.name = name;
        this.log = log;
        this.process = process;
    }

    /**
     * What to run.
     *
     * @param name of the process, and of its log
     * @param classPath jars and directories
     * @param options of the virtual machine
     * @param environment variables besides those of this process
     */
    record Command(
            String name,
            List<Path> classPath,
            List<String> options,
            Map<String, String> environment,
            String mainClass,
            List<String> arguments) {}

    /** Starts a process; its output is added to {@code <directory>/<name>.log}. */
    static ChildJvm start(Command command, Path directory) {
        return start(List.of(), command, directory);
    }

    /**
     * Starts a process by another program.
     *
     * @param by the program and its arguments, which executes the command that follows them
     */
    static ChildJvm start(List<String> by, Command command, Path directory) {
        List<String> line = new ArrayList<>(by);
        line.add(JAVA);
        line.addAll(command.options());
        line.add("-cp");
        line.add(
                command.classPath().stream()
                        .map(Path::toString)
                        .collect(Collectors.joining(File.pathSeparator)));
        line.add(ChildMain.class.getName());
        line.add(command.mainClass());
        line.addAll(command.arguments());
        return start(command.name(), line, command.environment(), directory);
    }

    /**
     * Starts {@code java -jar}, as a user does in a terminal; its output is added to {@code
     * <directory>/<name>.log}. It does outlive this process if that is killed.
     *
     * @param options of the virtual machine
     */
    public static ChildJvm startJar(
            String name, List<String> options, Path jar, List<String> arguments, Path directory) {
        // what is started in the background of a script ignores Ctrl-C, and so would its children
        List<String> line = new ArrayList<>(List.of("env", "--default-signal=INT"));
        line.add(JAVA);
        line.addAll(options);
        line.addAll(List.of("-jar", jar.toString()));
        line.addAll(arguments);
        return start(name, line, Map.of(), directory);
    }

    /**
     * Starts another program than {@code java}; its output is added to {@code
     * <directory>/<name>.log}. It does outlive this process if that is killed.
     */
    static ChildJvm startProgram(
            String name, Path program, List<String> arguments, Path directory) {
        List<String> line = new ArrayList<>(List.of(program.toString()));
        line.addAll(arguments);
        return start(name, line, Map.of(), directory);
    }

    private static ChildJvm start(
            String name, List<String> line, Map<String, String> environment, Path directory) {
        Path log = directory.resolve(name + ".log");
        ProcessBuilder builder =
                new ProcessBuilder(line)
                        .directory(directory.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(Redirect.appendTo(log.toFile()));
        builder.environment().putAll(environment);
        try {
            ChildJvm child = new ChildJvm(name, log, builder.start());
            ALL.add(child);
            return child;
        } catch (IOException e) {
            throw new UncheckedIOException(name + " could not be started", e);
        }
    }

    /** As Ctrl-C in its terminal. */
    public void interrupt() throws IOException {
        new ProcessBuilder("kill", "-INT", Long.toString(pid())).inheritIO().start();
    }

    /** As {@code kill -9}: at once, without a chance to tidy up; returns when it is gone. */
    void kill() {
        killed = true;
        process.destroyForcibly();
        await();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Fails if it has ended by itself, so that nobody waits for what it won't do any more. */
    public void requireAlive() {
        if (!killed && !isAlive()) {
            throw new AssertionError(this + " has ended:\n" + tail());
        }
    }

    /** Waits until it listens at a port of loopback. */
    void awaitPort(int port) {
        Await.until(
                name + " at port " + port,
                () -> {
                    requireAlive();
                    return Ports.answers(port);
                });
    }

    public long pid() {
        return process.pid();
    }

    /**
     * Waits until it has ended.
     *
     * @return its exit code
     */
    public int await() {
        try {
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw new AssertionError(
                        name + " (" + pid() + ") has not ended in " + PATIENCE_SECONDS + " s");
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("Interrupted while " + name + " ended", e);
        }
    }

    /** All that it has printed, together with earlier processes of its name. */
    public String output() {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The end of the log of every process of this run, by name. */
    static String tails() {
        return ALL.stream()
                .collect(Collectors.toMap(child -> child.log, ChildJvm::tail, (a, b) -> b))
                .entrySet()
                .stream()
                .sorted(Map.Entry.comparingByKey())
                .map(entry -> "--- " + entry.getKey() + "\n" + entry.getValue())
                .collect(Collectors.joining("\n"));
    }

    @Override
    public void close() {
        kill();
    }

    @Override
    public String toString() {
        return name + " (" + (isAlive() ? "process " + pid() : "ended") + ", log " + log + ")";
    }

    private String tail() {
        if (Files.notExists(log)) {
            return "deleted by a later test";
        }
        List<String> lines = output().lines().toList();
        return String.join(
                "\n", lines.subList(Math.max(0, lines.size() - TAIL_LINES), lines.size()));
    }
}
