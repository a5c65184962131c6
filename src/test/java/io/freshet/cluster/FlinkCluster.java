package io.freshet.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.flink.client.cli.CliFrontend;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.ConfigurationUtils;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.GlobalConfiguration;
import org.apache.flink.runtime.clusterframework.TaskExecutorProcessSpec;
import org.apache.flink.runtime.clusterframework.TaskExecutorProcessUtils;
import org.apache.flink.runtime.entrypoint.StandaloneSessionClusterEntrypoint;
import org.apache.flink.runtime.jobmanager.JobManagerProcessSpec;
import org.apache.flink.runtime.jobmanager.JobManagerProcessUtils;
import org.apache.flink.runtime.taskexecutor.TaskManagerRunner;
import org.apache.flink.runtime.util.config.memory.ProcessMemoryUtils;
import org.apache.flink.runtime.zookeeper.FlinkZooKeeperQuorumPeer;
import org.jspecify.annotations.Nullable;

/**
 * A Flink session cluster of processes on loopback: a job manager, task managers, and ZooKeeper if
 * it is to be highly available. Configured by this repository's {@code flink-conf}, but for ports,
 * directories, memory, and pauses that are short enough for tests. The engine is in {@code lib/},
 * the job comes by {@code flink run}.
 */
final class FlinkCluster implements AutoCloseable {

    private static final Pattern JOB_ID = Pattern.compile("JobID ([0-9a-f]{32})");

    // tests start many processes for a short time each
    private static final List<String> QUICK_START =
            List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto");

    private final Path directory;
    private final Configuration configuration;
    private final List<String> javaOptions;
    private final List<Path> classPath;
    private final FlinkRest rest;
    private final @Nullable ChildJvm zooKeeper;
    private final int jobManagerMetrics = Ports.free();
    private final List<Integer> taskManagerMetrics = new ArrayList<>();
    private ChildJvm jobManager;
    private final List<ChildJvm> taskManagers = new ArrayList<>();
    private int clients;
    private String submissionLog = "";

    /**
     * Starts a cluster, ready when this returns.
     *
     * @param directory for configuration, logs, checkpoints and all else
     * @param highlyAvailable whether a job manager that starts again goes on with the job
     * @param overrides options of Flink's that win over all others
     */
    FlinkCluster(
            Path directory,
            int taskManagers,
            boolean highlyAvailable,
            Map<String, String> overrides) {
        this(directory, taskManagers, highlyAvailable, overrides, List.of());
    }

    /**
     * @param lib jars in Flink's {@code lib/} besides its own and the engine's
     */
    FlinkCluster(
            Path directory,
            int taskManagers,
            boolean highlyAvailable,
            Map<String, String> overrides,
            List<Path> lib) {
        this.directory = directory;
        int restPort = Ports.free();
        int zooKeeperPort = Ports.free();
        Map<String, String> settings = settings(directory, restPort);
        if (highlyAvailable) {
            settings.putAll(highAvailability(directory, zooKeeperPort));
        }
        settings.putAll(overrides);
        this.configuration = configure(settings);
        this.javaOptions = javaOptions();
        this.classPath = new ArrayList<>(BuiltJars.flinkLib());
        classPath.addAll(lib);
        classPath.add(0, BuiltJars.launcher(directory));
        this.rest = new FlinkRest(restPort);
        writeClient();
        this.zooKeeper = highlyAvailable ? startZooKeeper(zooKeeperPort) : null;
        this.jobManager = launchJobManager();
        for (int i = 0; i < taskManagers; i++) {
            taskManagerMetrics.add(Ports.free());
            this.taskManagers.add(launchTaskManager(i, Map.of()));
        }
        awaitTaskManagers();
    }

    /** Where Prometheus scrapes its processes, which keep their ports when they start again. */
    List<Integer> metricsPorts() {
        List<Integer> ports = new ArrayList<>(taskManagerMetrics);
        ports.add(jobManagerMetrics);
        return ports;
    }

    /**
     * Adds a task manager.
     *
     * @param options of its own, which win over the cluster's
     * @return its number
     */
    int addTaskManager(Map<String, String> options) {
        taskManagerMetrics.add(Ports.free());
        taskManagers.add(launchTaskManager(taskManagers.size(), options));
        return taskManagers.size() - 1;
    }

    FlinkRest rest() {
        return rest;
    }

    /** Submits the job by {@code flink run}, and returns its id. */
    String submit(List<String> flinkOptions, List<String> jobArguments) {
        List<String> arguments = new ArrayList<>(List.of("run", "--detached"));
        arguments.addAll(flinkOptions);
        arguments.add(BuiltJars.job().toString());
        arguments.addAll(jobArguments);
        return submitted(ChildJvm.startProgram(nextClient(), client(), arguments, directory));
    }

    /**
     * Submits the job by {@code freshet run}, and returns its id.
     *
     * @param options file of the job's options
     * @param from savepoint to start from
     */
    String run(Path options, String from) {
        List<String> arguments = List.of("run", options.toString(), "--from", from);
        return submitted(freshet(arguments));
    }

    /** Starts the packaged command line, which finds this cluster's Flink. */
    private ChildJvm freshet(List<String> arguments) {
        List<String> all = new ArrayList<>(arguments);
        all.addAll(List.of("--flink", directory.toString()));
        return ChildJvm.startJar(
                nextClient(), List.of("-Xmx256m"), BuiltJars.commandLine(), all, directory);
    }

    private String nextClient() {
        return "client-" + ++clients;
    }

    private String submitted(ChildJvm client) {
        int code = client.await();
        submissionLog = client.output();
        Matcher id = JOB_ID.matcher(submissionLog);
        if (code != 0 || !id.find()) {
            throw new AssertionError("The submission ended with " + code + ":\n" + submissionLog);
        }
        return id.group(1);
    }

    /** What the client has printed when it submitted last. */
    String submissionLog() {
        return submissionLog;
    }

    /** Waits until all tasks of the job run. */
    void awaitRunning(String job) {
        Await.until(
                "all tasks of " + job,
                () -> {
                    requireAlive();
                    return rest.running(job);
                },
                () -> rest.state(job));
    }

    /** The newest checkpoint that a job has left behind, for {@code flink run --fromSavepoint}. */
    String latestCheckpoint(String job) {
        Path checkpoints = directory.resolve("checkpoints").resolve(job);
        try (Stream<Path> found = Files.list(checkpoints)) {
            return found.filter(checkpoint -> Files.exists(checkpoint.resolve("_metadata")))
                    .max(Comparator.comparingInt(FlinkCluster::number))
                    .orElseThrow(() -> new AssertionError("No checkpoint in " + checkpoints))
                    .toUri()
                    .toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Kills a task manager as {@code kill -9} does; {@link #startTaskManager} replaces it. */
    void killTaskManager(int index) {
        taskManagers.get(index).kill();
    }

    /** Starts a task manager in place of one that was killed. */
    void startTaskManager(int index) {
        taskManagers.set(index, launchTaskManager(index, Map.of()));
    }

    /** Which task manager has the first subtask of an operator. */
    int taskManagerOf(String job, String operator) {
        String found = rest.taskManagerOf(job, operator);
        for (int i = 0; i < taskManagers.size(); i++) {
            if (found.equals(name(i))) {
                return i;
            }
        }
        throw new AssertionError(operator + " runs on '" + found + "', which is none of these");
    }

    /** Fails if a process has ended by itself. */
    void requireAlive() {
        jobManager.requireAlive();
        taskManagers.forEach(ChildJvm::requireAlive);
    }

    /** Process of a task manager. */
    ChildJvm taskManager(int index) {
        return taskManagers.get(index);
    }

    /** What is watched of every task manager; the caller closes it. */
    List<Usage> usages() throws IOException {
        List<Usage> usages = new ArrayList<>();
        for (int i = 0; i < taskManagers.size(); i++) {
            Path working = directory.resolve("tmp").resolve("tm_" + name(i));
            usages.add(new Usage(name(i), taskManagers.get(i).pid(), working));
        }
        return usages;
    }

    /** Kills the job manager as {@code kill -9} does. */
    void killJobManager() {
        jobManager.kill();
    }

    /** Starts the job manager again, and waits for the task managers to find it. */
    void startJobManager() {
        jobManager = launchJobManager();
        awaitTaskManagers();
    }

    /** Kills all its processes. */
    @Override
    public void close() {
        taskManagers.forEach(ChildJvm::close);
        jobManager.close();
        if (zooKeeper != null) {
            zooKeeper.close();
        }
    }

    private void awaitTaskManagers() {
        Await.until(
                taskManagers.size() + " task managers",
                () -> {
                    requireAlive();
                    return rest.taskManagers() == taskManagers.size();
                },
                rest::taskManagers);
    }

    private ChildJvm launchJobManager() {
        JobManagerProcessSpec memory = JobManagerProcessUtils.processSpecFromConfig(configuration);
        List<String> arguments = new ArrayList<>(List.of("--configDir", conf().toString()));
        arguments.addAll(words(JobManagerProcessUtils.generateDynamicConfigsStr(memory)));
        arguments.addAll(metricsAt(jobManagerMetrics));
        return start(
                "job-manager",
                words(JobManagerProcessUtils.generateJvmParametersStr(memory, configuration)),
                StandaloneSessionClusterEntrypoint.class,
                arguments);
    }

    private ChildJvm launchTaskManager(int index, Map<String, String> options) {
        TaskExecutorProcessSpec memory =
                TaskExecutorProcessUtils.processSpecFromConfig(configuration);
        List<String> arguments = new ArrayList<>(List.of("--configDir", conf().toString()));
        arguments.addAll(words(TaskExecutorProcessUtils.generateDynamicConfigsStr(memory)));
        arguments.addAll(List.of("-D", "taskmanager.resource-id=" + name(index)));
        arguments.addAll(metricsAt(taskManagerMetrics.get(index)));
        options.forEach((key, value) -> arguments.addAll(List.of("-D", key + "=" + value)));
        return start(
                name(index),
                words(ProcessMemoryUtils.generateJvmParametersStr(memory)),
                TaskManagerRunner.class,
                arguments);
    }

    private static List<String> metricsAt(int port) {
        return List.of("-D", "metrics.reporter.prom.port=" + port);
    }

    private static String name(int index) {
        return "task-manager-" + index;
    }

    private ChildJvm startZooKeeper(int port) {
        Path file = directory.resolve("zoo.cfg");
        write(
                file,
                List.of(
                        "tickTime=2000",
                        "dataDir=" + directory.resolve("zookeeper"),
                        "clientPort=" + port,
                        "clientPortAddress=127.0.0.1",
                        "admin.enableServer=false"));
        ChildJvm started =
                start(
                        "zookeeper",
                        List.of("-Xmx128m"),
                        FlinkZooKeeperQuorumPeer.class,
                        List.of("--zkConfigFile", file.toString(), "--peerId", "1"));
        started.awaitPort(port);
        return started;
    }

    /** Flink's client, at its place in a distribution. */
    private Path client() {
        return directory.resolve("bin").resolve("flink");
    }

    private void writeClient() {
        List<String> line = new ArrayList<>(List.of("exec", "env"));
        environment().forEach((name, value) -> line.add(name + "='" + value + "'"));
        line.add("'" + ChildJvm.JAVA + "'");
        line.addAll(QUICK_START);
        line.addAll(javaOptions);
        line.add("-Xmx256m");
        line.add("-Dlog4j2.configurationFile=" + directory.resolve("log4j2.properties"));
        line.add("-cp '" + String.join(":", classPath.stream().map(Path::toString).toList()) + "'");
        line.add(CliFrontend.class.getName());
        line.add("\"$@\"");
        try {
            Files.createDirectories(client().getParent());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        write(client(), List.of("#!/bin/sh", String.join(" ", line)));
        if (!client().toFile().setExecutable(true)) {
            throw new AssertionError(client() + " can't be made executable");
        }
    }

    private Map<String, String> environment() {
        return Map.of(
                "MALLOC_ARENA_MAX", "2", // as in the README
                "FLINK_CONF_DIR", conf().toString(),
                "FLINK_LIB_DIR", directory.resolve("lib").toString(),
                "FLINK_PLUGINS_DIR", directory.resolve("plugins").toString());
    }

    private ChildJvm start(
            String name, List<String> options, Class<?> mainClass, List<String> arguments) {
        List<String> all = new ArrayList<>(QUICK_START);
        all.addAll(javaOptions);
        all.addAll(options);
        all.add("-Dlog4j2.configurationFile=" + directory.resolve("log4j2.properties"));
        return ChildJvm.start(
                new ChildJvm.Command(
                        name, classPath, all, environment(), mainClass.getName(), arguments),
                directory);
    }

    private Configuration configure(Map<String, String> settings) {
        Configuration all = GlobalConfiguration.loadConfiguration(BuiltJars.flinkConf().toString());
        settings.forEach(all::setString);
        try {
            for (String name : List.of("conf", "lib", "plugins", "tmp")) {
                Files.createDirectories(directory.resolve(name));
            }
            for (Path plugin : BuiltJars.plugins()) {
                Path link = directory.resolve("plugins").resolve(plugin.getFileName());
                Files.createSymbolicLink(link, plugin);
            }
            RunDirectory.logging(directory);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        write(
                conf().resolve(GlobalConfiguration.FLINK_CONF_FILENAME),
                ConfigurationUtils.convertConfigToWritableLines(all, true));
        return all;
    }

    private List<String> javaOptions() {
        return words(configuration.get(CoreOptions.FLINK_JVM_OPTIONS));
    }

    private Path conf() {
        return directory.resolve("conf");
    }

    private static Map<String, String> settings(Path directory, int restPort) {
        Map<String, String> settings = new TreeMap<>();
        settings.put("rest.port", String.valueOf(restPort));
        settings.put("rest.bind-port", String.valueOf(restPort));
        settings.put("jobmanager.rpc.port", String.valueOf(Ports.free()));
        settings.put("jobmanager.memory.process.size", "900m");
        settings.put("taskmanager.numberOfTaskSlots", "1");
        settings.put("taskmanager.memory.process.size", "1600m");
        settings.put("taskmanager.memory.task.off-heap.size", "512m");
        settings.put("taskmanager.memory.network.max", "64m");
        settings.put("parallelism.default", "2");
        settings.put("io.tmp.dirs", directory.resolve("tmp").toString());
        settings.put("execution.checkpointing.interval", "1s");
        settings.put("execution.checkpointing.min-pause", "200ms");
        settings.put(
                "execution.checkpointing.dir", directory.resolve("checkpoints").toUri().toString());
        settings.put(
                "execution.checkpointing.savepoint-dir",
                directory.resolve("savepoints").toUri().toString());
        settings.put("restart-strategy.exponential-delay.initial-backoff", "200ms");
        settings.put("restart-strategy.exponential-delay.max-backoff", "1s");
        settings.put("web.refresh-interval", "100");
        settings.put("pekko.startup-timeout", "60s"); // a busy machine starts many at once
        settings.put("heartbeat.interval", "1s");
        settings.put("heartbeat.timeout", "60s"); // a dead process is noticed sooner: it refuses
        return settings;
    }

    private static Map<String, String> highAvailability(Path directory, int zooKeeperPort) {
        return Map.of(
                "high-availability.type",
                "zookeeper",
                "high-availability.zookeeper.quorum",
                "127.0.0.1:" + zooKeeperPort,
                "high-availability.storageDir",
                directory.resolve("ha").toUri().toString(),
                "high-availability.zookeeper.client.session-timeout",
                "15s");
    }

    private static int number(Path checkpoint) {
        return Integer.parseInt(checkpoint.getFileName().toString().substring("chk-".length()));
    }

    private static List<String> words(String text) {
        return text.isBlank() ? List.of() : List.of(text.strip().split("\\s+"));
    }

    private static void write(Path file, List<String> lines) {
        try {
            Files.write(file, lines);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
