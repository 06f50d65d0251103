#!/usr/bin/env bash
# Asks the configured NuGet source once which packages it has, and writes the switches that Directory.Build.props imports.
# Usage: eng/detect-packages.sh [--force]   MLPIPELINES_PROFILE=compat takes every stand-in without asking.
set -euo pipefail
root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
answers="$root/eng/Packages.local.props"
versions="$root/Directory.Packages.props"
profile="${MLPIPELINES_PROFILE:-detect}"
declare -A property=(
  [Microsoft.ML]=CompatMicrosoftML
  [Microsoft.ML.OnnxRuntime]=CompatOnnxRuntime
  [Parquet.Net]=CompatParquetNet
  [DuckDB.NET.Bindings.Full]=CompatDuckDB
)
ids=(Microsoft.ML Microsoft.ML.OnnxRuntime Parquet.Net DuckDB.NET.Bindings.Full)

stamp="<!-- profile $profile; versions $(sha256sum "$versions" | cut -c1-16) -->"
[[ "${1:-}" != --force && -f "$answers" ]] && grep -qF -- "$stamp" "$answers" && exit 0

restores() { # restores <id>...: whether the source has all of them
  local folder references="" id version output
  folder=$(mktemp -d)
  for id in "$@"; do
    version=$(sed -n "s/.*Include=\"$id\" Version=\"\([^\"]*\)\".*/\1/p" "$versions")
    references+="<PackageReference Include=\"$id\" Version=\"$version\" />"
  done
  cp "$root/nuget.config" "$folder/"
  cat > "$folder/probe.csproj" <<PROJECT
<Project Sdk="Microsoft.NET.Sdk"><PropertyGroup><TargetFramework>net10.0</TargetFramework><NuGetAudit>false</NuGetAudit></PropertyGroup>
<ItemGroup>$references</ItemGroup></Project>
PROJECT
  if output=$(dotnet restore "$folder/probe.csproj" -v quiet 2>&1); then rm -rf "$folder"; return 0; fi
  rm -rf "$folder"
  grep -qE 'NU1101|NU1102|NU1103' <<< "$output" && return 1
  echo "The NuGet source cannot be used: it is neither 'found' nor 'not found' for $*:" >&2
  echo "$output" | grep -E 'error|warn' | head -5 >&2
  echo "Check the network and nuget.config, then run this again." >&2
  exit 1
}

lacking() { # prints the ids that the source lacks
  [[ $profile == compat ]] && { printf '%s\n' "${ids[@]}"; return; }
  (restores "${ids[@]}") 2>/dev/null && return
  local id
  for id in "${ids[@]}"; do restores "$id" || echo "$id"; done
}

echo "Asking the NuGet source for ${ids[*]} ..."
missing=$(lacking)
{
  echo "<Project>"
  echo "  <!-- Written by eng/detect-packages.sh; delete it, or run that with the option force, to ask again. -->"
  echo "  $stamp"
  echo "  <PropertyGroup>"
  for id in "${ids[@]}"; do
    value=false; grep -qxF "$id" <<< "$missing" && value=true
    echo "    <${property[$id]} Condition=\"'\$(${property[$id]})' == ''\">$value</${property[$id]}>"
  done
  echo "  </PropertyGroup>"
  echo "</Project>"
} > "$answers.tmp"
mv "$answers.tmp" "$answers"
if [[ -z $missing ]]; then echo "  all there: the packages themselves are used"; else echo "  stand-ins for:" $missing; fi
