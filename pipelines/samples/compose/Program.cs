return Compose.WorthwhilePruning.Run(args[0], args[1], Console.Out);
