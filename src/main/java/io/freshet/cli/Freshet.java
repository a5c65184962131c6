package io.freshet.cli;

import io.freshet.cli.cluster.ConfigCommand;
import io.freshet.cli.cluster.RunCommand;
import io.freshet.cli.cluster.TopicsCommand;
import io.freshet.cli.machine.PlainText;
import io.freshet.cli.machine.ProcessDirectory;
import io.freshet.cli.models.ModelsCommand;
import io.freshet.cli.status.StatusCommand;
import java.io.IOException;
import java.nio.charset.Charset;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedDeque;
import org.jspecify.annotations.Nullable;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;

/** {@code freshet COMMAND}, the main class of {@code freshet.jar}. */
@Command(
        name = "freshet",
        description = "Keeps a deep recommendation model fresh.",
        mixinStandardHelpOptions = true,
        versionProvider = Freshet.Version.class,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            DemoCommand.class,
            ReplayCommand.class,
            AblateCommand.class,
            PretrainCommand.class,
            ConfigCommand.class,
            TopicsCommand.class,
            RunCommand.class,
            ServeCommand.class,
            StatusCommand.class,
            ModelsCommand.class,
            AutoComplete.GenerateCompletion.class,
        })
public final class Freshet {

    private final Deque<Runnable> beforeExit = new ConcurrentLinkedDeque<>();

    private Freshet() {}

    /**
     * Runs a command and ends the process with its exit code: 0, 1 for a failure, 2 for misuse.
     * What is temporary is deleted then, after Ctrl-C too.
     */
    public static void main(String[] args) {
        Charset charset = Charset.defaultCharset();
        Freshet freshet = new Freshet();
        CommandLine commands =
                commandLine(freshet)
                        .setOut(PlainText.writer(System.out, charset))
                        .setErr(PlainText.writer(System.err, charset));
        try {
            ProcessDirectory directory = ProcessDirectory.open();
            Runnable end =
                    () -> {
                        freshet.beforeExit.forEach(Runnable::run);
                        directory.close();
                    };
            Runtime.getRuntime().addShutdownHook(new Thread(end, "freshet-end"));
        } catch (IOException e) {
            commands.getErr().println(Problem.text(e));
            System.exit(1);
        }
        System.exit(commands.execute(args));
    }

    /** Runs something when the process ends, before what is temporary is deleted. */
    void beforeExit(Runnable action) {
        beforeExit.push(action);
    }

    /** All commands. */
    static CommandLine commandLine() {
        return commandLine(new Freshet());
    }

    private static CommandLine commandLine(Freshet freshet) {
        return new CommandLine(freshet)
                .setExecutionExceptionHandler(Freshet::report)
                .setCaseInsensitiveEnumValuesAllowed(true);
    }

    private static int report(
            Exception problem, CommandLine command, CommandLine.ParseResult parsed) {
        command.getErr().println(Problem.text(problem));
        return command.getCommandSpec().exitCodeOnExecutionException();
    }

    /** The version that the jar's manifest names. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = Freshet.class.getPackage().getImplementationVersion();
            return new String[] {"freshet " + (version == null ? "(not from a jar)" : version)};
        }
    }

    /**
     * What went wrong, for people: the messages of a chain of causes, from the outermost inwards.
     */
    static final class Problem {

        private Problem() {}

        /** One line for each cause; a cause that only wraps another is left out. */
        static String text(Throwable problem) {
            Set<String> lines = new LinkedHashSet<>();
            for (Throwable cause = problem; cause != null; cause = cause.getCause()) {
                if (!onlyWraps(cause)) {
                    lines.add(line(cause));
                }
            }
            return String.join("\n  because: ", lines);
        }

        private static boolean onlyWraps(Throwable problem) {
            @Nullable Throwable cause = problem.getCause();
            String message = problem.getMessage();
            return cause != null && (message == null || message.equals(cause.toString()));
        }

        private static String line(Throwable problem) {
            String message = problem.getMessage();
            String type = problem.getClass().getSimpleName();
            if (message == null) {
                return type;
            }
            // a message that is no sentence, such as a bare file name, means nothing without its
            // type
            return message.indexOf(' ') < 0 ? type + ": " + message : message;
        }
    }
}
