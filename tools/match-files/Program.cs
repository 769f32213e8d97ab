using Safeguarding.MatchFiles;

return LinkFiles.Run(args);
