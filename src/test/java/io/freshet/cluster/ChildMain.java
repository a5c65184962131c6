package io.freshet.cluster;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.util.Arrays;

/**
 * Runs another main class, and ends with the process that started it: its standard input ends when
 * the parent is gone, however that died. Depends on the JDK alone.
 */
public final class ChildMain {

    private static final int PARENT_IS_GONE = 3;

    private ChildMain() {}

    public static void main(String[] args) throws Throwable {
        Thread watch = new Thread(ChildMain::haltAtTheEndOfInput, "ends-with-its-parent");
        watch.setDaemon(true);
        watch.start();
        String[] rest = Arrays.copyOfRange(args, 1, args.length);
        try {
            Class.forName(args[0]).getMethod("main", String[].class).invoke(null, (Object) rest);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    private static void haltAtTheEndOfInput() {
        try {
            while (System.in.read() >= 0) {}
        } catch (IOException e) {
            Runtime.getRuntime().halt(PARENT_IS_GONE);
        }
        Runtime.getRuntime().halt(PARENT_IS_GONE);
    }
}
