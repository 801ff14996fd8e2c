package io.saccade.cli.command;

import java.util.concurrent.Callable;

/** A command that stays up until it is stopped; its default log level is info. */
public interface Service extends Callable<Integer> {}
