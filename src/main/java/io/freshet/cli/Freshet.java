package io.freshet.cli;

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
        })
public final class Freshet {

    private Freshet() {}

    /** Runs a command and ends the process with its exit code: 0, 1 for a failure, 2 for misuse. */
    public static void main(String[] args) {
        System.exit(commandLine().execute(args));
    }

    /** All commands. */
    static CommandLine commandLine() {
        return new CommandLine(new Freshet())
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
}
